import { createHash } from "node:crypto";

/**
 * Items of the single table, which has no index: what is looked for together has one partition key, so that a Query
 * finds it and nothing needs a Scan.
 *
 *   podcast  PK USER#<user>    SK PODCAST#<podcast>  feedUrl, title, addedAt, userId, podcastId
 *   feed     PK FEEDS          SK FEED#<podcast>     feedUrl, title, subscribers, latestEpisodeAt,
 *                                                    latestEpisodes (JSON), refreshedAt, etag, lastModified
 *   share    PK SHARE#<token>  SK SHARE              podcastId, feedUrl, title, userId, createdAt, TTL
 *
 * A podcast's id is made of its feed's address: all users' copies of a podcast have one id, which is the item that
 * Personalize learns about.
 */

export const FEEDS = "FEEDS";

export const PODCAST_ID = /^[0-9a-f]{32}$/;

export const podcastIdOf = (feedUrl) => createHash("sha256").update(feedUrl).digest("hex").slice(0, 32);

export const podcastKey = (user, podcastId) => ({
  PK: { S: `USER#${user}` },
  SK: { S: `PODCAST#${podcastId}` },
});

export const feedKey = (podcastId) => ({ PK: { S: FEEDS }, SK: { S: `FEED#${podcastId}` } });

export const shareKey = (token) => ({ PK: { S: `SHARE#${token}` }, SK: { S: "SHARE" } });

export const feedIdOf = (item) => item.SK.S.replace(/^FEED#/, "");
