import { RequestError } from "#shared/http.mjs";

/**
 * Shapes of what comes in and goes out. A shape says what is wrong with a value: a list, empty where nothing is.
 *
 * @typedef {(value: unknown, name: string) => string[]} Shape
 */

/** @returns {Shape} */
export const text = ({ min = 1, max, pattern, hint } = {}) => {
  return (value, name) => {
    if (typeof value !== "string") return [`${name} must be text`];
    if (value.length < min || value.length > max) return [`${name} must have ${min} to ${max} characters`];
    return pattern && !pattern.test(value) ? [`${name} must be ${hint}`] : [];
  };
};

/** @returns {Shape} */
export const integer =
  ({ min = 0 } = {}) =>
  (value, name) =>
    Number.isSafeInteger(value) && value >= min ? [] : [`${name} must be a whole number from ${min}`];

/** @returns {Shape} */
export const oneOf = (values) => (value, name) =>
  values.includes(value) ? [] : [`${name} must be one of ${values.join(", ")}`];

/** @returns {Shape} */
export const nullable = (shape) => (value, name) => (value === null ? [] : shape(value, name));

/** @returns {Shape} */
export const list = (shape) => (value, name) =>
  Array.isArray(value)
    ? value.flatMap((element, index) => shape(element, `${name}[${index}]`))
    : [`${name} must be a list`];

/**
 * An object with these fields and no others.
 *
 * @param {Record<string, Shape>} required
 * @param {Record<string, Shape>} optional
 * @returns {Shape}
 */
export const object =
  (required, optional = {}) =>
  (value, name) => {
    if (value === null || typeof value !== "object" || Array.isArray(value))
      return [`${name} must be an object`];
    const shapes = { ...required, ...optional };
    const given = Object.keys(value).filter((field) => value[field] !== undefined);
    return [
      ...given
        .filter((field) => !Object.hasOwn(shapes, field))
        .map((field) => `${name} has no field ${field}`),
      ...Object.keys(required)
        .filter((field) => !given.includes(field))
        .map((field) => `${name} needs ${field}`),
      ...given
        .filter((field) => Object.hasOwn(shapes, field))
        .flatMap((field) => shapes[field](value[field], field)),
    ];
  };

/** The value, if a caller of the API may send it. */
export const requested = (shape, value, name = "the body") => {
  const problems = shape(value, name);
  if (problems.length > 0) throw new RequestError(400, problems.join("; "));
  return value;
};

/** The value, if it is what the API promises; the error that it throws otherwise is for the log, not the caller. */
export const promised = (shape, value) => {
  const problems = shape(value, "the answer");
  if (problems.length > 0) throw new Error(`not what the API promises: ${problems.join("; ")}`);
  return value;
};
