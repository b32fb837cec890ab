import { redact } from "#shared/redact.mjs";

// `timestamp` and `level` are the names by which Lambda's JSON log format recognises a record that is complete
// as it is. A console method would wrap it a second time.
const writeLine = (line) => process.stdout.write(`${line}\n`);

// A log line is never worth the request: fields that cannot be read (a getter that throws) are left out.
const encode = (context, fields, essentials) => {
  try {
    return JSON.stringify(redact({ ...context, ...fields, ...essentials }));
  } catch (error) {
    return JSON.stringify(redact({ ...essentials, unreadable: error.name }));
  }
};

/**
 * Logger that writes one JSON line a record. Everything passes `redact`, so no caller can leak by forgetting to.
 *
 * @param {object} context Fields that every record carries.
 * @param {{ write?: (line: string) => void, now?: () => Date }} ports
 */
export const createLogger = (context = {}, { write = writeLine, now = () => new Date() } = {}) => {
  const log = (level, message, fields) =>
    write(encode(context, fields, { timestamp: now().toISOString(), level, message }));
  return {
    info: (message, fields) => log("INFO", message, fields),
    warn: (message, fields) => log("WARN", message, fields),
    error: (message, fields) => log("ERROR", message, fields),
    child: (more) => createLogger({ ...context, ...more }, { write, now }),
  };
};
