import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { integer, nullable, object, oneOf, text } from "#shared/shape.mjs";

/**
 * Episodes in the single table.
 *
 *   pk EPISODE#<id>  sk EPISODE  GSI1PK EPISODES  GSI1SK <createdAt>#<id>  ttl <epoch seconds>
 *
 * All of them are one partition of GSI1, sorted by the time they were made. Each function uses the methods that its
 * role allows, and no others.
 */

const INDEX = "GSI1";
const ALL = "EPISODES";
const ISO_TIME = { max: 24, pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, hint: "a time in ISO 8601" };

export const EPISODE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What becomes of an episode: made, its video cut into chunks, its chunks counted; or the cutting failed. */
export const STATUSES = ["created", "chunked", "ready", "failed"];

/** What the API tells of an episode. @see promised */
export const EPISODE = object({
  id: text({ max: 36, pattern: EPISODE_ID, hint: "an episode's id" }),
  title: text({ max: 200 }),
  description: nullable(text({ min: 0, max: 2000 })),
  status: oneOf(STATUSES),
  failureReason: nullable(text({ max: 500 })),
  chunkCount: nullable(integer()),
  createdAt: text(ISO_TIME),
  updatedAt: text(ISO_TIME),
});

/** @param {{ tableName: string, client?: DynamoDBClient }} ports */
export const createEpisodes = ({ tableName, client = new DynamoDBClient({}) }) => ({
  /** dynamodb:PutItem */
  async create(episode, ttl) {
    const Item = {
      ...key(episode.id),
      ...attributes(episode),
      GSI1PK: { S: ALL },
      GSI1SK: { S: `${episode.createdAt}#${episode.id}` },
      ttl: { N: String(ttl) },
    };
    const ConditionExpression = "attribute_not_exists(pk)";
    await client.send(new PutItemCommand({ TableName: tableName, Item, ConditionExpression }));
  },

  /** dynamodb:GetItem. Undefined for one that is not there. */
  async get(id) {
    const { Item } = await client.send(new GetItemCommand({ TableName: tableName, Key: key(id) }));
    return Item && toEpisode(Item);
  },

  /**
   * dynamodb:UpdateItem. The episode as it is then; undefined for one that is not there, or that already knows of
   * something later than `eventTime`, for events come twice and in any order.
   */
  async update(id, changes, { eventTime } = {}) {
    const values = attributes(eventTime ? { ...changes, eventTime } : changes);
    try {
      const { Attributes } = await client.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: key(id),
          UpdateExpression: `SET ${Object.keys(values)
            .map((name) => `#${name} = :${name}`)
            .join(", ")}`,
          ConditionExpression: eventTime
            ? "attribute_exists(pk) AND (attribute_not_exists(#eventTime) OR #eventTime <= :eventTime)"
            : "attribute_exists(pk)",
          ExpressionAttributeNames: Object.fromEntries(Object.keys(values).map((name) => [`#${name}`, name])),
          ExpressionAttributeValues: Object.fromEntries(
            Object.entries(values).map(([name, value]) => [`:${name}`, value]),
          ),
          ReturnValues: "ALL_NEW",
        }),
      );
      return toEpisode(Attributes);
    } catch (error) {
      if (error.name === "ConditionalCheckFailedException") return undefined;
      throw error;
    }
  },

  /** dynamodb:Query on GSI1. A page, the newest first, and the position after it (null at the end). */
  async list({ limit, after }) {
    const page = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: INDEX,
        Limit: limit,
        ScanIndexForward: false,
        KeyConditionExpression: "GSI1PK = :all",
        ExpressionAttributeValues: { ":all": { S: ALL } },
        ExclusiveStartKey: after && position(after),
      }),
    );
    const last = page.LastEvaluatedKey;
    return {
      episodes: (page.Items ?? []).map(toEpisode),
      next: last ? { id: last.pk.S.replace(/^EPISODE#/, ""), sortKey: last.GSI1SK.S } : null,
    };
  },

  /** dynamodb:DeleteItem. Whether it was there. */
  async remove(id) {
    const ReturnValues = "ALL_OLD";
    const { Attributes } = await client.send(
      new DeleteItemCommand({ TableName: tableName, Key: key(id), ReturnValues }),
    );
    return Attributes !== undefined;
  },
});

const key = (id) => ({ pk: { S: `EPISODE#${id}` }, sk: { S: "EPISODE" } });

const position = ({ id, sortKey }) => ({ ...key(id), GSI1PK: { S: ALL }, GSI1SK: { S: sortKey } });

const attributes = (values) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, attribute(value)]));

const attribute = (value) => {
  if (value === null) return { NULL: true };
  return typeof value === "number" ? { N: String(value) } : { S: value };
};

const toEpisode = (item) => ({
  id: item.pk.S.replace(/^EPISODE#/, ""),
  title: value(item.title),
  description: value(item.description),
  status: value(item.status),
  failureReason: value(item.failureReason),
  chunkCount: value(item.chunkCount),
  createdAt: value(item.createdAt),
  updatedAt: value(item.updatedAt),
});

const value = (stored) => (stored?.N === undefined ? (stored?.S ?? null) : Number(stored.N));
