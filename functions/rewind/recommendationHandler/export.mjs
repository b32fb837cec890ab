import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PODCAST_ID } from "#rewind/keys.mjs";

const HEADER = "USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE";
const EVENT_ID = /^\w{1,64}$/;
// No character that has a meaning in CSV.
const USER_ID = /^[\w:.-]{1,128}$/;

/**
 * Writes what users did as a CSV object that Personalize can import.
 *
 * @param {{ bucket: string, client?: S3Client }} ports
 */
export const createExport = ({ bucket, client = new S3Client({}) }) => ({
  /**
   * One object a batch of stream records, named after its first interaction: a batch that comes again, whole or cut
   * in two, overwrites what it wrote before. Directly below the prefix, so that the import needs no folders.
   */
  async write(records, log) {
    const interactions = [];
    let dropped = 0;
    for (const record of records) {
      try {
        const line = toLine(record);
        if (line) interactions.push({ id: record.eventID, line });
      } catch (error) {
        dropped += 1;
        log.error("record dropped", { eventId: record?.eventID, error });
      }
    }
    if (interactions.length > 0) {
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: `interactions/${interactions[0].id}.csv`,
          Body: `${[HEADER, ...interactions.map(({ line }) => line)].join("\n")}\n`,
          ContentType: "text/csv",
        }),
      );
    }
    return { records: records.length, interactions: interactions.length, dropped };
  },
});

/** A line of CSV, or undefined for a record that is not about what a user did. */
const toLine = ({ eventID, eventName, dynamodb }) => {
  const eventType = eventName === "INSERT" ? eventTypeOf(dynamodb.Keys) : undefined;
  if (eventType === undefined) return undefined;
  const { userId, podcastId } = dynamodb.NewImage;
  const timestamp = Math.floor(dynamodb.ApproximateCreationDateTime);
  if (!EVENT_ID.test(eventID ?? "")) throw new Error("it has no id");
  if (!USER_ID.test(userId?.S ?? "")) throw new Error("it names no user");
  if (!PODCAST_ID.test(podcastId?.S ?? "")) throw new Error("it names no podcast");
  if (!(timestamp > 0)) throw new Error("it has no time");
  return [userId.S, podcastId.S, timestamp, eventType].join(",");
};

const eventTypeOf = ({ PK, SK }) => {
  if (PK.S.startsWith("USER#") && SK.S.startsWith("PODCAST#")) return "add";
  return PK.S.startsWith("SHARE#") ? "share" : undefined;
};
