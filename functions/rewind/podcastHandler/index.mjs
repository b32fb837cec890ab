import { required } from "#shared/environment.mjs";
import { Created, createHandler, jsonBody, RequestError } from "#shared/http.mjs";
import { createLogger } from "#shared/logger.mjs";
import { object, requested, text } from "#shared/shape.mjs";
import { userOf } from "#rewind/caller.mjs";
import { PODCAST_ID } from "#rewind/keys.mjs";
import { createFeedReader } from "./feed-reader.mjs";
import { safeFeedUrl } from "./feed-url.mjs";
import { createPodcasts } from "./podcasts.mjs";
import { refreshFeeds } from "./refresh.mjs";

const functionName = "podcastHandler";
const RSS_UPDATE = "rss-update";

const NEW_PODCAST = object({ feedUrl: text({ max: 2048 }) }, { title: text({ max: 200 }) });

/**
 * Podcasts of a user, and the daily job that looks into their feeds.
 *
 * @param {{ fetch?: typeof fetch, now?: () => Date, env?: Record<string, string | undefined> }} ports
 */
export const createPodcastHandler = ({ fetch, now = () => new Date(), env = process.env } = {}) => {
  let table;
  const podcasts = () => (table ??= createPodcasts({ tableName: required(env, "DYNAMODB_TABLE_NAME") }));
  const readFeed = createFeedReader({ fetch });

  const api = createHandler({
    functionName,
    origin: () => env.ALLOWED_ORIGIN,
    routes: {
      "POST /podcasts/add": async (event) => {
        const user = userOf(event);
        const { feedUrl, title } = requested(NEW_PODCAST, jsonBody(event));
        const url = safeFeedUrl(feedUrl);
        if (!url) throw new RequestError(400, "feedUrl must be the public https address of a feed");
        const { podcast, isNew } = await podcasts().add(user, { feedUrl: url, title: title ?? null }, now());
        return isNew ? new Created(podcast) : podcast;
      },
      "GET /podcasts": async (event) => {
        const after = event.queryStringParameters?.after;
        if (after !== undefined && !PODCAST_ID.test(after))
          throw new RequestError(400, "after must be a podcast's id");
        return podcasts().page(userOf(event), after);
      },
    },
  });

  const runJob = async (event, context) => {
    const log = createLogger({ function: functionName, requestId: context?.awsRequestId, job: event.job });
    try {
      if (event.job !== RSS_UPDATE) throw new Error(`no such job: ${event.job}`);
      const remainingMs = () => context?.getRemainingTimeInMillis?.() ?? Infinity;
      const counts = await refreshFeeds({ podcasts: podcasts(), readFeed, now, log, remainingMs });
      log.info("job finished", counts);
      return { statusCode: 200, job: event.job, ...counts };
    } catch (error) {
      // A run that is impossible as a whole must show in the function's error metric; one bad feed does not throw.
      log.error("job failed", { error });
      throw error;
    }
  };

  // Behind API Gateway a caller's JSON is inside `body`: nobody can send a job through a route.
  return async (event, context) => (event?.job === undefined ? api(event, context) : runJob(event, context));
};

export const handler = createPodcastHandler();
