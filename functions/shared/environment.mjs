/** The value of a variable that the function cannot do without. Read at use, so that a bad one fails that call only. */
export const required = (env, name) => {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
};

/** The same for a whole number above zero. */
export const requiredCount = (env, name) => {
  const value = required(env, name);
  if (!/^[1-9]\d*$/.test(value)) throw new Error(`${name} is '${value}', not a whole number above 0`);
  return Number(value);
};
