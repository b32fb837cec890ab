import { createHandler, RequestError } from "#shared/http.mjs";
import { requested, text } from "#shared/shape.mjs";
import { EPISODE_ID } from "#nullcheck/episodes.mjs";

const ID = text({ max: 36, pattern: EPISODE_ID, hint: "an episode's id" });

/** Handler of one route of the REST API, which browsers at ORIGIN may call. */
export const createEpisodeApi = ({ functionName, route, action, env }) =>
  createHandler({ functionName, origin: () => env.ORIGIN, routes: { [route]: action } });

export const episodeIdOf = (event) => requested(ID, event.pathParameters?.id, "the id");

export const found = (episode) => {
  if (!episode) throw new RequestError(404, "no such episode");
  return episode;
};
