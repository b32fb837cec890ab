import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { RequestError } from "#shared/http.mjs";

/**
 * Cursors that tell a client nothing and that it cannot make up: AES-256-GCM under a key of ENCRYPTION_KEY, so that a
 * changed character is noticed and no key of the table gets out, or in.
 */

const ALGORITHM = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const keyOf = (secret) => Buffer.from(hkdfSync("sha256", secret, "", "nullcheck listEpisodes cursor", 32));

export const sealCursor = (position, secret) => {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, keyOf(secret), nonce);
  const sealed = Buffer.concat([cipher.update(JSON.stringify(position), "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64url");
};

export const openCursor = (cursor, secret) => {
  const bytes = Buffer.from(cursor, "base64url");
  // Node reads past characters that are not base64: only one spelling of a cursor is the cursor.
  if (bytes.toString("base64url") !== cursor || bytes.length <= NONCE_BYTES + TAG_BYTES) throw refused();
  const decipher = createDecipheriv(ALGORITHM, keyOf(secret), bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  try {
    const opened = [decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()];
    return JSON.parse(Buffer.concat(opened).toString("utf8"));
  } catch {
    throw refused();
  }
};

const refused = () => new RequestError(400, "the cursor is not one of this list");
