import { DynamoDBClient, QueryCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";

/**
 * Reminders and devices in the single table.
 *
 *   reminder  PK USER#<user>  SK REMINDER#<id>  GSI1PK REMINDER#PENDING       GSI1SK <due, ISO 8601 in UTC>
 *             status pending|sent|undeliverable, title, body, batchId
 *   device    PK USER#<user>  SK DEVICE#<id>    GSI1PK USER#<user>#DEVICES    GSI1SK DEVICE#<id>
 *             pushToken
 *
 * Both are found through GSI1, so the role needs dynamodb:Query on that index alone, and dynamodb:UpdateItem on
 * the table. A reminder that is done loses its GSI1 keys: the index holds only what is still to be sent.
 */

const INDEX = "GSI1";
const PENDING = "REMINDER#PENDING";
const PAGE_SIZE = 100;

// Longer than a run can last (30 s), shorter than the time to the next one (5 minutes).
const CLAIM_SECONDS = 60;

/** @param {{ tableName: string, client?: DynamoDBClient }} ports */
export const createDynamoReminders = ({ tableName, client = new DynamoDBClient({}) }) => {
  if (!tableName) throw new Error("TABLE_NAME is not set");

  const pages = async function* (query) {
    let ExclusiveStartKey;
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: tableName,
          IndexName: INDEX,
          Limit: PAGE_SIZE,
          ...query,
          ExclusiveStartKey,
        }),
      );
      yield page.Items ?? [];
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
  };

  /** Whether the update was made; false if its condition no longer holds. */
  const updateIf = async (item, update) => {
    const Key = { PK: { S: item.pk }, SK: { S: item.sk } };
    try {
      await client.send(new UpdateItemCommand({ TableName: tableName, Key, ...update }));
      return true;
    } catch (error) {
      if (error.name === "ConditionalCheckFailedException") return false;
      throw error;
    }
  };

  return {
    /** Pages of reminders whose time has come, the oldest first. */
    async *due(now) {
      const query = {
        KeyConditionExpression: "GSI1PK = :pending AND GSI1SK <= :now",
        ExpressionAttributeValues: { ":pending": { S: PENDING }, ":now": { S: now.toISOString() } },
      };
      for await (const items of pages(query)) yield items.map(toReminder);
    },

    /** Devices of a user that take notifications. */
    async devices(userId) {
      const query = {
        KeyConditionExpression: "GSI1PK = :devices",
        ExpressionAttributeValues: { ":devices": { S: `USER#${userId}#DEVICES` } },
      };
      const devices = [];
      for await (const items of pages(query)) devices.push(...items.map(toDevice));
      return devices;
    },

    /**
     * Takes a reminder for one run, so that runs which overlap do not send it twice. False if another run has it, or
     * if it was changed, moved to another time or deleted since it was read. A claim that is not followed by
     * `finish` ends by itself.
     */
    claim: (reminder, runId, now) =>
      updateIf(reminder, {
        UpdateExpression: "SET claimedBy = :run, claimedUntil = :until",
        ConditionExpression:
          "#status = :pending AND GSI1SK = :due AND (attribute_not_exists(claimedUntil) OR claimedUntil < :now)",
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: {
          ":run": { S: runId },
          ":until": { S: new Date(now.getTime() + CLAIM_SECONDS * 1000).toISOString() },
          ":pending": { S: "pending" },
          ":due": { S: reminder.dueAt },
          ":now": { S: now.toISOString() },
        },
      }),

    /** Writes the end of a claimed reminder and takes it off the index. False if it is no longer this run's. */
    finish: (reminder, runId, now, status, reason) =>
      updateIf(reminder, {
        UpdateExpression:
          "SET #status = :status, finishedAt = :now" +
          (reason ? ", failureReason = :reason" : "") +
          " REMOVE GSI1PK, GSI1SK, claimedBy, claimedUntil",
        ConditionExpression: "#status = :pending AND claimedBy = :run AND GSI1SK = :due",
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: {
          ":status": { S: status },
          ":now": { S: now.toISOString() },
          ":pending": { S: "pending" },
          ":run": { S: runId },
          ":due": { S: reminder.dueAt },
          ...(reason ? { ":reason": { S: reason } } : {}),
        },
      }),

    /** Stops sending to a device that Expo no longer knows; registering it again puts the keys back. */
    retire: (device) =>
      updateIf(device, {
        UpdateExpression: "SET pushStatus = :unregistered REMOVE GSI1PK, GSI1SK",
        ConditionExpression: "pushToken = :token",
        ExpressionAttributeValues: {
          ":unregistered": { S: "unregistered" },
          ":token": { S: device.pushToken },
        },
      }),
  };
};

const toReminder = (item) => ({
  pk: item.PK.S,
  sk: item.SK.S,
  dueAt: item.GSI1SK.S,
  userId: /^USER#(.+)$/.exec(item.PK.S)?.[1],
  title: item.title?.S,
  body: item.body?.S,
  batchId: item.batchId?.S,
});

const toDevice = (item) => ({ pk: item.PK.S, sk: item.SK.S, pushToken: item.pushToken?.S ?? "" });
