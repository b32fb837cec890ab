import { required } from "#shared/environment.mjs";
import { createHandler, RequestError } from "#shared/http.mjs";
import { createLogger } from "#shared/logger.mjs";
import { userOf } from "#rewind/caller.mjs";
import { PODCAST_ID } from "#rewind/keys.mjs";
import { createCampaign } from "./campaign.mjs";
import { createCatalogue } from "./catalogue.mjs";
import { createExport } from "./export.mjs";

const functionName = "recommendationHandler";

/**
 * What else a user may like; and the other side of it, what users did, on its way from the table's stream to the
 * bucket from which Personalize learns.
 *
 * @param {object} ports
 * @param {() => Date} [ports.now]
 * @param {Record<string, string | undefined>} [ports.env]
 * @param {ReturnType<typeof createCampaign>} [ports.campaign]
 */
export const createRecommendationHandler = ({
  now = () => new Date(),
  env = process.env,
  campaign = createCampaign({ parameter: env.CAMPAIGN_PARAMETER, now }),
} = {}) => {
  let table;
  const catalogue = () => (table ??= createCatalogue({ tableName: required(env, "DYNAMODB_TABLE_NAME") }));
  let bucket;
  const interactions = () => (bucket ??= createExport({ bucket: required(env, "EXPORT_BUCKET") }));

  const recommend = async (event, { log }) => {
    const user = userOf(event);
    const itemId = event.queryStringParameters?.itemId ?? null;
    if (itemId !== null && !PODCAST_ID.test(itemId))
      throw new RequestError(400, "itemId must be a podcast's id");
    const similar = itemId === null ? [] : await campaign.similar(itemId, user, log);
    const found = await catalogue().podcasts(similar);
    if (found.length > 0) return { itemId, source: "personalize", items: found };
    return { itemId, source: "fallback", items: await catalogue().popular({ except: itemId }) };
  };

  const api = createHandler({
    functionName,
    origin: () => env.ALLOWED_ORIGIN,
    routes: { "GET /recommendations": recommend },
  });

  const exportRecords = async (records, context) => {
    const log = createLogger({ function: functionName, requestId: context?.awsRequestId });
    try {
      const counts = await interactions().write(records, log);
      log.info("records exported", counts);
      // A record that cannot be read never will be: it is logged and dropped, since one that is reported as failed
      // holds up its shard until it expires. So nothing is reported here; what can be tried again throws.
      return { batchItemFailures: [] };
    } catch (error) {
      log.error("records not exported", { error });
      throw error;
    }
  };

  return async (event, context) =>
    event?.Records === undefined ? api(event, context) : exportRecords(event.Records, context);
};

export const handler = createRecommendationHandler();
