import { required } from "#shared/environment.mjs";
import { RequestError } from "#shared/http.mjs";
import { list, nullable, object, promised, text } from "#shared/shape.mjs";
import { createEpisodeApi } from "#nullcheck/api.mjs";
import { createEpisodes, EPISODE } from "#nullcheck/episodes.mjs";
import { openCursor, sealCursor } from "./cursor.mjs";

const DEFAULT_LIMIT = 25;
const HIGHEST_LIMIT = 100;

const PAGE = object({ episodes: list(EPISODE), cursor: nullable(text({ max: 512 })) });

/** @param {{ env?: Record<string, string | undefined> }} ports */
export const createListEpisodes = ({ env = process.env } = {}) => {
  let episodes;
  return createEpisodeApi({
    functionName: "listEpisodes",
    route: "GET /episodes",
    env,
    action: async (event) => {
      episodes ??= createEpisodes({ tableName: required(env, "TABLE_NAME") });
      const secret = required(env, "ENCRYPTION_KEY");
      const { limit, cursor } = event.queryStringParameters ?? {};
      const after = cursor === undefined ? undefined : openCursor(cursor, secret);
      const page = await episodes.list({ limit: limitOf(limit), after });
      return promised(PAGE, { episodes: page.episodes, cursor: page.next && sealCursor(page.next, secret) });
    },
  });
};

const limitOf = (given) => {
  if (given === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,3}$/.test(given) ? Number(given) : 0;
  if (limit < 1 || limit > HIGHEST_LIMIT)
    throw new RequestError(400, `limit must be from 1 to ${HIGHEST_LIMIT}`);
  return limit;
};

export const handler = createListEpisodes();
