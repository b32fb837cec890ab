import { READ_TIMEOUT_MS } from "./feed-reader.mjs";

const AT_A_TIME = 8;
// Reading a feed may take all its time, and then it has to be written down.
const TIME_FOR_A_FEED_MS = READ_TIMEOUT_MS + 1_000;

/**
 * Looks into the feeds, the longest neglected first, as many as the time allows: what is left is first in line the
 * next time.
 *
 * @returns Counts of feeds: `feeds` = `refreshed` + `unchanged` + `failed` + `left`.
 * @throws What the query throws: without it there is no run.
 */
export const refreshFeeds = async ({ podcasts, readFeed, now, log, remainingMs }) => {
  const feeds = await podcasts.feeds();
  const counts = { feeds: feeds.length, refreshed: 0, unchanged: 0, failed: 0, left: 0 };
  const waiting = [...feeds];

  const refresh = async (feed) => {
    try {
      const found = await readFeed(feed);
      await podcasts.saveFeed(feed.podcastId, found, now());
      return found.content ? "refreshed" : "unchanged";
    } catch (error) {
      log.warn("feed not refreshed", { podcastId: feed.podcastId, error });
      return "failed";
    }
  };

  const worker = async () => {
    while (waiting.length > 0 && remainingMs() >= TIME_FOR_A_FEED_MS) {
      counts[await refresh(waiting.shift())] += 1;
    }
  };

  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  return { ...counts, left: waiting.length };
};
