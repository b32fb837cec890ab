/**
 * Takes out of a log record what must never be in a log: addresses, one-time codes, tokens, credentials.
 *
 * Two nets, since either alone has holes: names of fields (a code is only digits, its name gives it away), and the
 * look of values (an error message quotes an address, and has no name for it). Too much masked is a small loss,
 * so both nets are wide.
 */

export const MASK = "[redacted]";

const DEEPEST = 20;

// Compared with the name in lower case and without separators: `push_token`, `X-Auth-Token`, `pushToken`.
const SENSITIVE_WHOLE =
  /^(auth|code|cookie|cookies|jwt|otp|passcode|phone|phonenumber|pin|session|setcookie|username)$/;
const SENSITIVE_PART =
  /email|password|secret|token|authorization|credential|apikey|signature|otpcode|onetime/;
const SENSITIVE_CODE = /(auth|confirmation|login|mfa|signin|verification|verify)code$/;

// The counted repeats keep a long text without any match from costing its length squared.
const SENSITIVE_TEXT = [
  // Addresses, also as they look inside a URL.
  [/[\w.+%-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63})+/gi, MASK],
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, MASK],
  [/\bExpo(?:nent)?PushToken\[[^\]]*\]/g, MASK],
  [/\b(Bearer|Basic)\s+[^\s"',;]+/gi, `$1 ${MASK}`],
  // Queries, form bodies, presigned URLs, headers, JSON that was cut off: `name=value`, `"name": "value"`.
  [
    /([\w-]{0,40}(?:authorization|credential|otp|passcode|password|secret|session|signature|token)["']?\s{0,3}[=:]\s{0,3}["']?)[^&\s"',;}]+/gi,
    `$1${MASK}`,
  ],
  [
    /((?<!(?:error|exit|status)[ _-])\b(?:\w{0,20}[_-])?code["']?\s{0,3}[=:]\s{0,3}["']?)[^&\s"',;}]+/gi,
    `$1${MASK}`,
  ],
  // "your code is 123456", "otp 123456"
  [/\b(code|otp|passcode|pin)(\W{1,3}(?:is\W{1,3})?)\d{4,10}\b/gi, `$1$2${MASK}`],
];

export const redact = (value) => redactValue(value, 0, new Set());

const redactValue = (value, depth, ancestors) => {
  if (typeof value === "string") return redactText(value, depth, ancestors);
  if (typeof value === "bigint") return String(value);
  if (typeof value === "function" || typeof value === "symbol") return undefined;
  if (value === null || typeof value !== "object") return value;
  if (ancestors.has(value)) return "[circular]";
  if (depth >= DEEPEST) return "[too deep]";
  ancestors.add(value);
  const redacted = redactObject(value, depth + 1, ancestors);
  // Only ancestors make a circle; the same object twice side by side does not.
  ancestors.delete(value);
  return redacted;
};

const redactObject = (value, depth, ancestors) => {
  if (value instanceof Error) return redactError(value, depth, ancestors);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value) || value instanceof Set) {
    return Array.from(value, (element) => redactValue(element, depth, ancestors) ?? null);
  }
  if (value instanceof Map) return redactFields([...value], depth, ancestors);
  if (typeof value.toJSON === "function") return redactValue(value.toJSON(), depth, ancestors);
  return redactFields(Object.entries(value), depth, ancestors);
};

const redactFields = (fields, depth, ancestors) => {
  // Cognito lists attributes as { Name: "email", Value: "..." }: there the name of the field is a value.
  const label = fields.find(([name, value]) => /^(name|key)$/i.test(name) && typeof value === "string")?.[1];
  const labelled = label !== undefined && isSensitive(label);
  return Object.fromEntries(
    fields.map(([name, value]) => [
      redactText(String(name), depth, ancestors),
      isSensitive(String(name)) || (labelled && /^value$/i.test(name))
        ? MASK
        : redactValue(value, depth, ancestors),
    ]),
  );
};

const redactError = (error, depth, ancestors) => ({
  name: error.name,
  message: redactText(String(error.message), depth, ancestors),
  stack: redactText(String(error.stack), depth, ancestors),
  ...(error.cause === undefined ? {} : { cause: redactValue(error.cause, depth, ancestors) }),
});

const redactText = (text, depth, ancestors) => {
  const nested = parseObject(text);
  if (nested !== undefined) return JSON.stringify(redactValue(nested, depth, ancestors));
  return SENSITIVE_TEXT.reduce(
    (masked, [pattern, replacement]) => masked.replace(pattern, replacement),
    text,
  );
};

// The body of a request is JSON inside a string; its fields have names that text patterns cannot see.
const parseObject = (text) => {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isSensitive = (name) => {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  return SENSITIVE_WHOLE.test(plain) || SENSITIVE_PART.test(plain) || SENSITIVE_CODE.test(plain);
};
