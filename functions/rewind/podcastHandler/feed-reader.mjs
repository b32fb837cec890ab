import { safeFeedUrl } from "./feed-url.mjs";
import { parseFeed } from "./rss.mjs";

export const READ_TIMEOUT_MS = 3_000;
const LONGEST_FEED_BYTES = 2 * 1024 * 1024;
const MOST_REDIRECTS = 3;

/**
 * Reads one feed over https, in bounded time and size.
 *
 * @param {{ fetch?: typeof fetch }} ports
 * @returns {(feed: { feedUrl: string, etag?: string, lastModified?: string }) => Promise<{ content?: object,
 *   etag?: string, lastModified?: string }>} Without `content` the feed is what it was at the last time.
 */
export const createFeedReader = ({ fetch = globalThis.fetch } = {}) => {
  const request = async (address, options, redirectsLeft) => {
    const url = safeFeedUrl(address);
    if (!url) throw new Error("the feed's address is not a public https address");
    const response = await fetch(url, options);
    if (![301, 302, 303, 307, 308].includes(response.status)) return response;
    await response.body?.cancel();
    if (redirectsLeft === 0) throw new Error(`more than ${MOST_REDIRECTS} redirects`);
    // Followed by hand, since each hop has to be an address that may be asked.
    const location = new URL(response.headers.get("location") ?? "", url);
    return request(location.href, options, redirectsLeft - 1);
  };

  return async ({ feedUrl, etag, lastModified }) => {
    const headers = {
      accept: "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.1",
      ...(etag && { "if-none-match": etag }),
      ...(lastModified && { "if-modified-since": lastModified }),
    };
    // Ends the answer's body too, however slowly it drips.
    const signal = AbortSignal.timeout(READ_TIMEOUT_MS);
    const response = await request(feedUrl, { headers, redirect: "manual", signal }, MOST_REDIRECTS);
    if (response.status === 304) return {};
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`the feed answered HTTP ${response.status}`);
    }
    return {
      content: parseFeed(await boundedText(response.body)),
      etag: response.headers.get("etag") ?? undefined,
      lastModified: response.headers.get("last-modified") ?? undefined,
    };
  };
};

const boundedText = async (body) => {
  const chunks = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > LONGEST_FEED_BYTES) throw new Error(`the feed is longer than ${LONGEST_FEED_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
};
