import { required } from "#shared/environment.mjs";
import { Created, jsonBody } from "#shared/http.mjs";
import { integer, object, promised, requested, text } from "#shared/shape.mjs";
import { createEpisodeApi, episodeIdOf, found } from "#nullcheck/api.mjs";
import { createEpisodes } from "#nullcheck/episodes.mjs";

const VALID_FOR_SECONDS = 15 * 60;

// Letters that need no encoding in a key, and no way out of the episode's folder.
const FILE_NAME = text({
  max: 100,
  pattern: /^\w[\w.-]*$/,
  hint: "a file's name of letters, digits, . - and _",
});
const UPLOAD = object({ fileName: FILE_NAME });
const UPLOAD_URL = object({
  uploadUrl: text({ max: 4096, pattern: /^https?:\/\//, hint: "an address" }),
  key: text({ max: 200, pattern: /^uploads\//, hint: "below uploads/" }),
  expiresInSeconds: integer({ min: 1 }),
});

/**
 * @param {object} ports
 * @param {(target: { Bucket: string, Key: string }, ttlSeconds: number) => Promise<string>} [ports.sign]
 * @param {Record<string, string | undefined>} [ports.env]
 */
export const createCreateUploadUrl = ({ sign = signWithSdk, env = process.env } = {}) => {
  let episodes;
  return createEpisodeApi({
    functionName: "createUploadUrl",
    route: "POST /episodes/{id}/upload-url",
    env,
    action: async (event) => {
      episodes ??= createEpisodes({ tableName: required(env, "TABLE_NAME") });
      const id = episodeIdOf(event);
      const { fileName } = requested(UPLOAD, jsonBody(event));
      found(await episodes.get(id));
      const key = `uploads/${id}/${fileName}`;
      const uploadUrl = await sign({ Bucket: required(env, "BUCKET_NAME"), Key: key }, VALID_FOR_SECONDS);
      return new Created(promised(UPLOAD_URL, { uploadUrl, key, expiresInSeconds: VALID_FOR_SECONDS }));
    },
  });
};

let client;

// Loaded at the first use: a request that is refused does not wait for the S3 client.
const signWithSdk = async (target, expiresIn) => {
  const [s3, { getSignedUrl }] = await Promise.all([
    import("@aws-sdk/client-s3"),
    import("@aws-sdk/s3-request-presigner"),
  ]);
  // Without this the SDK signs the checksum of an empty body into the URL, and no upload would fit it.
  client ??= new s3.S3Client({ requestChecksumCalculation: "WHEN_REQUIRED" });
  return getSignedUrl(client, new s3.PutObjectCommand(target), { expiresIn });
};

export const handler = createCreateUploadUrl();
