import { required } from "#shared/environment.mjs";
import { jsonBody, RequestError } from "#shared/http.mjs";
import { nullable, object, promised, requested, text } from "#shared/shape.mjs";
import { createEpisodeApi, episodeIdOf, found } from "#nullcheck/api.mjs";
import { createEpisodes, EPISODE } from "#nullcheck/episodes.mjs";

// The status is not among them: it follows from what happens to the video.
const CHANGES = object({}, { title: text({ max: 200 }), description: nullable(text({ min: 0, max: 2000 })) });

/** @param {{ now?: () => Date, env?: Record<string, string | undefined> }} ports */
export const createUpdateEpisode = ({ now = () => new Date(), env = process.env } = {}) => {
  let episodes;
  return createEpisodeApi({
    functionName: "updateEpisode",
    route: "PATCH /episodes/{id}",
    env,
    action: async (event) => {
      episodes ??= createEpisodes({ tableName: required(env, "TABLE_NAME") });
      const id = episodeIdOf(event);
      const changes = requested(CHANGES, jsonBody(event));
      if (Object.keys(changes).length === 0) throw new RequestError(400, "the body changes nothing");
      const updatedAt = now().toISOString();
      return promised(EPISODE, found(await episodes.update(id, { ...changes, updatedAt })));
    },
  });
};

export const handler = createUpdateEpisode();
