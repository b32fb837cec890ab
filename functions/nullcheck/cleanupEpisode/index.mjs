import { required } from "#shared/environment.mjs";
import { createEventHandler } from "#shared/events.mjs";
import { createEpisodes, EPISODE_ID } from "#nullcheck/episodes.mjs";
import { publish } from "#nullcheck/event-bus.mjs";
import { countObjects } from "#nullcheck/objects.mjs";

const PREFIXES = ["uploads/", "chunks/", "transcripts/"];

/**
 * Removes an episode from the table and tells how much of it is still in the bucket, whose lifecycle removes that.
 *
 * @param {{ env?: Record<string, string | undefined> }} ports
 */
export const createCleanupEpisode = ({ env = process.env } = {}) => {
  let episodes;
  return createEventHandler({
    functionName: "cleanupEpisode",
    on: async (event) => {
      episodes ??= createEpisodes({ tableName: required(env, "TABLE_NAME") });
      const { episodeId } = event.detail;
      if (!EPISODE_ID.test(episodeId)) throw new Error(`episodeId is ${episodeId}, not an episode's id`);
      const bucket = required(env, "BUCKET_NAME");
      const counts = await Promise.all(
        PREFIXES.map((prefix) => countObjects(bucket, `${prefix}${episodeId}/`)),
      );
      const objectsLeft = counts.reduce((sum, { count }) => sum + count, 0);
      const removed = await episodes.remove(episodeId);
      // Also if it was gone: a second try cannot tell whether the first got as far as this.
      await publish(required(env, "EVENT_SOURCE"), "Episode Cleaned Up", { episodeId, objectsLeft });
      return { episodeId, removed, objectsLeft };
    },
  });
};

export const handler = createCleanupEpisode();
