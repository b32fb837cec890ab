import { required } from "#shared/environment.mjs";
import { createEventHandler } from "#shared/events.mjs";
import { createEpisodes, EPISODE_ID } from "#nullcheck/episodes.mjs";
import { countObjects } from "#nullcheck/objects.mjs";

const CHUNK = /\.ts$/;

/**
 * Counts the chunks of an episode whose video is complete: from then on it is ready.
 *
 * @param {{ now?: () => Date, env?: Record<string, string | undefined> }} ports
 */
export const createOnUploadCompleted = ({ now = () => new Date(), env = process.env } = {}) => {
  let episodes;
  return createEventHandler({
    functionName: "onUploadCompleted",
    on: async (event) => {
      episodes ??= createEpisodes({ tableName: required(env, "TABLE_NAME") });
      const { episodeId } = event.detail;
      if (!EPISODE_ID.test(episodeId)) throw new Error(`episodeId is ${episodeId}, not an episode's id`);
      const chunks = await countObjects(required(env, "BUCKET_NAME"), `chunks/${episodeId}/`, CHUNK);
      // MediaConvert writes before it tells: whoever sends this event early sends it for nothing.
      if (chunks.count === 0) return { episodeId, ignored: "there are no chunks" };
      const changes = { status: "ready", chunkCount: chunks.count, updatedAt: now().toISOString() };
      const episode = await episodes.update(episodeId, changes);
      return episode ? { episodeId, chunks } : { episodeId, ignored: "the episode is gone" };
    },
  });
};

export const handler = createOnUploadCompleted();
