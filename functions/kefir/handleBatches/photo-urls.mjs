/**
 * Presigned URLs of photos: a client reads or writes one object without credentials, for PRESIGN_TTL_SECONDS.
 *
 * @param {object} ports
 * @param {(operation: "GetObject" | "PutObject", target: { Bucket: string, Key: string }, ttlSeconds: number) =>
 *   Promise<string>} ports.sign
 * @param {Record<string, string | undefined>} ports.env
 */
export const createPhotoUrls = ({ sign = signWithSdk, env = process.env } = {}) => ({
  download: async (key) => sign("GetObject", target(env, key), ttlSeconds(env)),
  upload: async (key) => sign("PutObject", target(env, key), ttlSeconds(env)),
});

const target = (env, key) => {
  if (!env.BUCKET_NAME) throw new Error("BUCKET_NAME is not set");
  return { Bucket: env.BUCKET_NAME, Key: key };
};

// Without a lifetime the signer takes 15 minutes of its own: a missing value must stop here, not pass as a default.
const ttlSeconds = (env) => {
  const text = env.PRESIGN_TTL_SECONDS ?? "";
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`PRESIGN_TTL_SECONDS is '${text}', not a number of seconds`);
  return Number(text);
};

let client;

// Loaded at the first use: the other routes start without the cost of the S3 client.
const signWithSdk = async (operation, target, expiresIn) => {
  const [s3, { getSignedUrl }] = await Promise.all([
    import("@aws-sdk/client-s3"),
    import("@aws-sdk/s3-request-presigner"),
  ]);
  // Without this the SDK signs the checksum of an empty body into the URL of an upload, and no photo would fit it.
  client ??= new s3.S3Client({ requestChecksumCalculation: "WHEN_REQUIRED" });
  const command =
    operation === "GetObject" ? new s3.GetObjectCommand(target) : new s3.PutObjectCommand(target);
  return getSignedUrl(client, command, { expiresIn });
};
