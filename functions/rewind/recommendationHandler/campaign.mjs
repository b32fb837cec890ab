import { GetRecommendationsCommand, PersonalizeRuntimeClient } from "@aws-sdk/client-personalize-runtime";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";

const KEPT_FOR_MS = 5 * 60 * 1000;
// Both are asked before an answer for which somebody waits, and neither is needed for one.
const PATIENCE_MS = 1_500;
const MOST_ITEMS = 10;
const NONE = "none";

/**
 * The Personalize campaign, if there is one. It comes and goes: the weekly training makes it and writes its ARN into
 * an SSM parameter, which holds "none" before; a second region has neither. So each way of not having it gives no
 * recommendations instead of an error.
 *
 * @param {object} ports
 * @param {string | undefined} ports.parameter Name of the SSM parameter.
 * @param {() => Date} ports.now
 */
export const createCampaign = ({
  parameter,
  now,
  ssm = new SSMClient({ maxAttempts: 1 }),
  personalize = new PersonalizeRuntimeClient({ maxAttempts: 1 }),
}) => {
  let known = { arn: NONE, until: -Infinity };

  const readArn = async (log) => {
    try {
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name: parameter }), patience());
      return Parameter?.Value || NONE;
    } catch (error) {
      log.warn("no campaign known", { error });
      return NONE;
    }
  };

  // Also "none" is kept: without the parameter every request would wait for its refusal.
  const arn = async (log) => {
    if (!parameter) return NONE;
    if (now().getTime() >= known.until) {
      known = { arn: await readArn(log), until: now().getTime() + KEPT_FOR_MS };
    }
    return known.arn;
  };

  return {
    /** Ids of podcasts that are liked by those who like this one, the best first; none where Personalize is not. */
    async similar(itemId, userId, log) {
      const campaignArn = await arn(log);
      if (campaignArn === NONE) return [];
      try {
        const input = { campaignArn, itemId, userId, numResults: MOST_ITEMS };
        const { itemList = [] } = await personalize.send(new GetRecommendationsCommand(input), patience());
        return itemList.map((item) => item.itemId);
      } catch (error) {
        log.warn("no answer from Personalize", { error });
        return [];
      }
    },
  };
};

const patience = () => ({ abortSignal: AbortSignal.timeout(PATIENCE_MS) });
