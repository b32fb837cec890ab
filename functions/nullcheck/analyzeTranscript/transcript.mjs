import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";

// Some 50,000 tokens: about four hours of speech, and an end to what one upload may cost.
export const LONGEST_TRANSCRIPT_BYTES = 200_000;

/** The start of a transcript; no more than that is read, however long the object is. */
export const readTranscript = async (Bucket, Key, client = new S3Client({})) => {
  const Range = `bytes=0-${LONGEST_TRANSCRIPT_BYTES - 1}`;
  const { Body, ContentRange } = await client.send(new GetObjectCommand({ Bucket, Key, Range }));
  const whole = Number(ContentRange?.split("/").at(-1));
  const truncated = whole > LONGEST_TRANSCRIPT_BYTES;
  const text = await Body.transformToString("utf-8");
  // The cut may go through a character.
  return { text: truncated ? text.replace(/\uFFFD$/, "") : text, truncated };
};
