import { required } from "#shared/environment.mjs";
import { createEventHandler } from "#shared/events.mjs";
import { createEpisodes, EPISODE_ID } from "#nullcheck/episodes.mjs";
import { publish } from "#nullcheck/event-bus.mjs";

const LONGEST_REASON = 500;

/**
 * Writes down how the cutting of an episode's video ended, and tells those who wait for the video.
 *
 * @param {{ now?: () => Date, env?: Record<string, string | undefined> }} ports
 */
export const createOnMediaConvertJobChange = ({ now = () => new Date(), env = process.env } = {}) => {
  let episodes;
  return createEventHandler({
    functionName: "onMediaConvertJobChange",
    on: async (event) => {
      episodes ??= createEpisodes({ tableName: required(env, "TABLE_NAME") });
      const { jobId, status, userMetadata } = event.detail;
      const episodeId = userMetadata?.episodeId;
      // The rule sees all jobs of the account.
      if (!EPISODE_ID.test(episodeId)) return { jobId, ignored: "a job of no episode" };

      const eventTime = new Date(event.detail.timestamp).toISOString();
      const changes = { ...outcome(event.detail), updatedAt: now().toISOString() };
      const episode = await episodes.update(episodeId, changes, { eventTime });
      if (!episode) return { episodeId, jobId, ignored: "the episode is gone, or knows of a later job" };
      if (status === "COMPLETE") {
        await publish(required(env, "EVENT_SOURCE"), "Video Upload Completed", { episodeId, jobId });
      }
      return { episodeId, jobId, status: episode.status };
    },
  });
};

const outcome = ({ status, errorCode, errorMessage }) => {
  if (status === "COMPLETE") return { status: "chunked", failureReason: null };
  if (status !== "ERROR") throw new Error(`a job that is ${status} has not ended`);
  return { status: "failed", failureReason: `${errorCode}: ${errorMessage}`.slice(0, LONGEST_REASON) };
};

export const handler = createOnMediaConvertJobChange();
