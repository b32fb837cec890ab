import { DynamoDBClient, GetItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { feedIdOf, feedKey, FEEDS, PODCAST_ID } from "#rewind/keys.mjs";

const MOST_ITEMS = 10;
// A megabyte a page: enough for thousands of feeds, and an end to what one request may cost.
const MOST_PAGES = 4;

/**
 * Podcasts of all users, as their feeds in the table tell them.
 *
 * @param {{ tableName: string, client?: DynamoDBClient }} ports
 */
export const createCatalogue = ({ tableName, client = new DynamoDBClient({}) }) => ({
  /** The podcasts with these ids, in this order; what the table does not know is left out. */
  async podcasts(ids) {
    const found = await Promise.all(
      ids
        .filter((id) => PODCAST_ID.test(id))
        .map((id) => client.send(new GetItemCommand({ TableName: tableName, Key: feedKey(id) }))),
    );
    return found.filter(({ Item }) => Item).map(({ Item }) => toPodcast(Item));
  },

  /** What most users have; among equals what has the newest episode. */
  async popular({ except }) {
    const feeds = [];
    let ExclusiveStartKey;
    for (let page = 0; page < MOST_PAGES && (page === 0 || ExclusiveStartKey); page += 1) {
      const found = await client.send(
        new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: "PK = :feeds",
          ExpressionAttributeValues: { ":feeds": { S: FEEDS } },
          ProjectionExpression: "SK, feedUrl, title, subscribers, latestEpisodeAt",
          ExclusiveStartKey,
        }),
      );
      feeds.push(...(found.Items ?? []));
      ExclusiveStartKey = found.LastEvaluatedKey;
    }
    return feeds
      .filter((feed) => feedIdOf(feed) !== except)
      .sort((one, other) => subscribers(other) - subscribers(one) || newest(other).localeCompare(newest(one)))
      .slice(0, MOST_ITEMS)
      .map(toPodcast);
  },
});

const subscribers = (feed) => Number(feed.subscribers?.N ?? 0);

const newest = (feed) => feed.latestEpisodeAt?.S ?? "";

const toPodcast = (feed) => ({
  podcastId: feedIdOf(feed),
  feedUrl: feed.feedUrl?.S ?? null,
  title: feed.title?.S ?? null,
});
