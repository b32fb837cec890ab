import { randomBytes } from "node:crypto";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { required } from "#shared/environment.mjs";
import { Created, createHandler, jsonBody, RequestError } from "#shared/http.mjs";
import { object, requested, text } from "#shared/shape.mjs";
import { userOf } from "#rewind/caller.mjs";
import { PODCAST_ID, podcastKey, shareKey } from "#rewind/keys.mjs";

const VALID_FOR_SECONDS = 30 * 24 * 60 * 60;

const SHARE = object({ podcastId: text({ max: 32, pattern: PODCAST_ID, hint: "a podcast's id" }) });

/**
 * Links by which a user shows a podcast to others. The table removes them some time after they expire, so whoever
 * reads one has to compare its TTL with the clock.
 *
 * @param {{ now?: () => Date, env?: Record<string, string | undefined> }} ports
 */
export const createShareHandler = ({ now = () => new Date(), env = process.env } = {}) => {
  let client;
  const send = (command) => (client ??= new DynamoDBClient({})).send(command);

  const generate = async (event) => {
    const TableName = required(env, "DYNAMODB_TABLE_NAME");
    const user = userOf(event);
    const { podcastId } = requested(SHARE, jsonBody(event));
    const { Item: podcast } = await send(new GetItemCommand({ TableName, Key: podcastKey(user, podcastId) }));
    if (!podcast) throw new RequestError(404, "this podcast is not among yours");

    const token = randomBytes(16).toString("base64url");
    const createdAt = now();
    const expires = Math.floor(createdAt.getTime() / 1000) + VALID_FOR_SECONDS;
    const { feedUrl, title } = podcast;
    const Item = {
      ...shareKey(token),
      podcastId: { S: podcastId },
      userId: { S: user },
      createdAt: { S: createdAt.toISOString() },
      TTL: { N: String(expires) },
      feedUrl,
      ...(title && { title }),
    };
    await send(new PutItemCommand({ TableName, Item, ConditionExpression: "attribute_not_exists(PK)" }));
    return new Created({
      token,
      podcastId,
      path: `/share/${token}`,
      expiresAt: new Date(expires * 1000).toISOString(),
    });
  };

  return createHandler({
    functionName: "shareHandler",
    origin: () => env.ALLOWED_ORIGIN,
    routes: { "POST /share/generate": generate },
  });
};

export const handler = createShareHandler();
