import { required } from "#shared/environment.mjs";
import { promised } from "#shared/shape.mjs";
import { createEpisodeApi, episodeIdOf, found } from "#nullcheck/api.mjs";
import { createEpisodes, EPISODE } from "#nullcheck/episodes.mjs";

/** @param {{ env?: Record<string, string | undefined> }} ports */
export const createGetEpisode = ({ env = process.env } = {}) => {
  let episodes;
  return createEpisodeApi({
    functionName: "getEpisode",
    route: "GET /episodes/{id}",
    env,
    action: async (event) => {
      episodes ??= createEpisodes({ tableName: required(env, "TABLE_NAME") });
      return promised(EPISODE, found(await episodes.get(episodeIdOf(event))));
    },
  });
};

export const handler = createGetEpisode();
