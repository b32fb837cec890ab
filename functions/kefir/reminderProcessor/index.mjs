import { createLogger } from "#shared/logger.mjs";
import { createDynamoReminders } from "./dynamo-reminders.mjs";
import { createExpoPush } from "./expo-push.mjs";
import { processDueReminders } from "./process.mjs";

/**
 * The scheduled function: sends every reminder that is due, answers with counts (see `processDueReminders`).
 *
 * Throws when the run as a whole is impossible (no table, no right to query): that must show in the function's
 * error metric. A single reminder that fails does not throw.
 *
 * @param {{ fetch?: typeof fetch, now?: () => Date, env?: Record<string, string | undefined> }} ports
 */
export const createReminderProcessor = ({ fetch, now = () => new Date(), env = process.env } = {}) => {
  let reminders;
  let push;
  return async (event, context) => {
    const log = createLogger({ function: "reminderProcessor", requestId: context?.awsRequestId }, { now });
    const remainingMs = () => context?.getRemainingTimeInMillis?.() ?? Infinity;
    try {
      reminders ??= createDynamoReminders({ tableName: env.TABLE_NAME });
      push ??= createExpoPush({ fetch, url: env.EXPO_PUSH_URL || undefined });
      const counts = await processDueReminders({ reminders, push, now, log, remainingMs });
      log.info("run finished", { source: event?.source, ...counts });
      return counts;
    } catch (error) {
      log.error("run failed", { source: event?.source, error });
      throw error;
    }
  };
};

export const handler = createReminderProcessor();
