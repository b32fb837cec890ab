import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { EPISODE_ID } from "#nullcheck/episodes.mjs";

/**
 * Objects of the bucket: `uploads/<episode>/<file>` by clients, `chunks/<episode>/<file>` by MediaConvert,
 * `transcripts/<episode>/<file>` by whoever transcribes.
 */

/** The object of an EventBridge event of S3, whose keys come as they are, not encoded as in S3's own events. */
export const objectOf = (event, { bucket, prefix }) => {
  const { bucket: source, object } = event.detail;
  if (source?.name !== bucket) throw new Error(`an object of the bucket ${source?.name}, not of ${bucket}`);
  const [folder, episodeId, ...file] = String(object?.key).split("/");
  if (`${folder}/` !== prefix || !EPISODE_ID.test(episodeId) || file.join("/") === "") {
    throw new Error(`the key ${object?.key} is not ${prefix}<episode>/<file>`);
  }
  return {
    episodeId,
    key: object.key,
    size: object.size ?? null,
    version: object["version-id"] || object.etag || "",
  };
};

/** s3:ListBucket. How many objects with such keys there are below a prefix, and how large they are together. */
export const countObjects = async (Bucket, Prefix, keys = /^/, client = new S3Client({})) => {
  const total = { count: 0, bytes: 0 };
  let ContinuationToken;
  do {
    const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken }));
    for (const { Size } of (page.Contents ?? []).filter(({ Key }) => keys.test(Key))) {
      total.count += 1;
      total.bytes += Size;
    }
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  return total;
};
