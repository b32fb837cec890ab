import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { feedIdOf, feedKey, FEEDS, podcastIdOf, podcastKey } from "#rewind/keys.mjs";

const PAGE_SIZE = 25;

/**
 * Podcasts and feeds in the table (`#rewind/keys.mjs` says how they lie there).
 *
 * @param {{ tableName: string, client?: DynamoDBClient }} ports
 */
export const createPodcasts = ({ tableName, client = new DynamoDBClient({}) }) => {
  const get = async (Key) => (await client.send(new GetItemCommand({ TableName: tableName, Key }))).Item;

  /** Whether the user did not have it yet. */
  const putIfNew = async (Item) => {
    try {
      await client.send(
        new PutItemCommand({ TableName: tableName, Item, ConditionExpression: "attribute_not_exists(PK)" }),
      );
      return true;
    } catch (error) {
      if (error.name === "ConditionalCheckFailedException") return false;
      throw error;
    }
  };

  // Also for a podcast that the user already has: a request that died between the two writes is mended by the next.
  const registerFeed = (podcastId, feedUrl, newSubscribers) =>
    client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: feedKey(podcastId),
        UpdateExpression: "SET feedUrl = if_not_exists(feedUrl, :url) ADD subscribers :new",
        ExpressionAttributeValues: { ":url": { S: feedUrl }, ":new": { N: String(newSubscribers) } },
      }),
    );

  return {
    /** Gives a user a podcast. One that they have stays as it is. */
    async add(user, { feedUrl, title }, now) {
      const podcastId = podcastIdOf(feedUrl);
      const item = {
        ...podcastKey(user, podcastId),
        userId: { S: user },
        podcastId: { S: podcastId },
        feedUrl: { S: feedUrl },
        addedAt: { S: now.toISOString() },
        ...(title === null ? {} : { title: { S: title } }),
      };
      const isNew = await putIfNew(item);
      await registerFeed(podcastId, feedUrl, isNew ? 1 : 0);
      return { podcast: toPodcast(isNew ? item : await get(podcastKey(user, podcastId))), isNew };
    },

    /** A page of a user's podcasts with their newest episodes; `next` is what the following page comes `after`. */
    async page(user, after) {
      const found = await client.send(
        new QueryCommand({
          TableName: tableName,
          Limit: PAGE_SIZE,
          KeyConditionExpression: "PK = :user AND begins_with(SK, :podcast)",
          ExpressionAttributeValues: { ":user": { S: `USER#${user}` }, ":podcast": { S: "PODCAST#" } },
          ExclusiveStartKey: after && podcastKey(user, after),
        }),
      );
      const podcasts = await Promise.all(
        (found.Items ?? []).map(async (item) => {
          const feed = await get(feedKey(item.podcastId.S));
          return { ...toPodcast(item, feed), latestEpisodes: JSON.parse(feed?.latestEpisodes?.S ?? "[]") };
        }),
      );
      return { podcasts, next: found.LastEvaluatedKey ? podcasts.at(-1).podcastId : null };
    },

    /** All feeds, those first that were not looked into for the longest time. */
    async feeds() {
      const feeds = [];
      let ExclusiveStartKey;
      do {
        const found = await client.send(
          new QueryCommand({
            TableName: tableName,
            KeyConditionExpression: "PK = :feeds",
            ExpressionAttributeValues: { ":feeds": { S: FEEDS } },
            ProjectionExpression: "SK, feedUrl, refreshedAt, etag, lastModified",
            ExclusiveStartKey,
          }),
        );
        feeds.push(...(found.Items ?? []).map(toFeed));
        ExclusiveStartKey = found.LastEvaluatedKey;
      } while (ExclusiveStartKey);
      return feeds.sort((one, other) => one.refreshedAt.localeCompare(other.refreshedAt));
    },

    /** Writes down that a feed was looked into, and what was in it unless it was unchanged. */
    async saveFeed(podcastId, { content, etag, lastModified }, now) {
      const values = {
        refreshedAt: now.toISOString(),
        etag,
        lastModified,
        ...(content && {
          title: content.title,
          latestEpisodeAt: content.episodes[0]?.publishedAt,
          latestEpisodes: JSON.stringify(content.episodes),
        }),
      };
      const given = Object.entries(values).filter(([, value]) => value);
      await client.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: feedKey(podcastId),
          UpdateExpression: `SET ${given.map(([name]) => `${name} = :${name}`).join(", ")}`,
          ExpressionAttributeValues: Object.fromEntries(
            given.map(([name, value]) => [`:${name}`, { S: value }]),
          ),
        }),
      );
    },
  };
};

const toPodcast = (item, feed) => ({
  podcastId: item.podcastId.S,
  feedUrl: item.feedUrl.S,
  title: item.title?.S ?? feed?.title?.S ?? null,
  addedAt: item.addedAt.S,
});

const toFeed = (item) => ({
  podcastId: feedIdOf(item),
  feedUrl: item.feedUrl?.S ?? "",
  refreshedAt: item.refreshedAt?.S ?? "",
  etag: item.etag?.S,
  lastModified: item.lastModified?.S,
});
