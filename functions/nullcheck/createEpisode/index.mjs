import { randomUUID } from "node:crypto";
import { required } from "#shared/environment.mjs";
import { Created, jsonBody } from "#shared/http.mjs";
import { nullable, object, promised, requested, text } from "#shared/shape.mjs";
import { createEpisodeApi } from "#nullcheck/api.mjs";
import { createEpisodes, EPISODE } from "#nullcheck/episodes.mjs";

// As long as the agent's memory keeps what was said in it.
const KEPT_FOR_SECONDS = 90 * 24 * 60 * 60;

const NEW_EPISODE = object(
  { title: text({ max: 200 }) },
  { description: nullable(text({ min: 0, max: 2000 })) },
);

/** @param {{ now?: () => Date, env?: Record<string, string | undefined> }} ports */
export const createCreateEpisode = ({ now = () => new Date(), env = process.env } = {}) => {
  let episodes;
  return createEpisodeApi({
    functionName: "createEpisode",
    route: "POST /episodes",
    env,
    action: async (event) => {
      episodes ??= createEpisodes({ tableName: required(env, "TABLE_NAME") });
      const { title, description = null } = requested(NEW_EPISODE, jsonBody(event));
      const time = now();
      const episode = promised(EPISODE, {
        id: randomUUID(),
        title,
        description,
        status: "created",
        failureReason: null,
        chunkCount: null,
        createdAt: time.toISOString(),
        updatedAt: time.toISOString(),
      });
      await episodes.create(episode, Math.floor(time.getTime() / 1000) + KEPT_FOR_SECONDS);
      return new Created(episode);
    },
  });
};

export const handler = createCreateEpisode();
