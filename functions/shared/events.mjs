import { createLogger } from "#shared/logger.mjs";

/**
 * Handler of an EventBridge event. What it throws goes on to Lambda, which tries again and then gives the event to
 * the function's dead-letter queue; so the action must do no harm when it runs twice.
 *
 * @param {object} options
 * @param {string} options.functionName Name that logs carry.
 * @param {(event: object, call: { log: object, remainingMs: () => number }) => Promise<object>} options.on
 *   What is done with an event; its result is logged and returned.
 */
export const createEventHandler = ({ functionName, on, log = createLogger({ function: functionName }) }) => {
  return async (event, context) => {
    const eventLog = log.child({
      requestId: context?.awsRequestId,
      eventId: event?.id,
      detailType: event?.["detail-type"],
    });
    // An invocation from the command line holds no event: it asks whether the function is there and starts.
    if (event?.detail === undefined) return { function: functionName, event: null };
    const remainingMs = () => context?.getRemainingTimeInMillis?.() ?? Infinity;
    try {
      const result = await on(event, { log: eventLog, remainingMs });
      eventLog.info("event handled", { result });
      return result;
    } catch (error) {
      eventLog.error("event failed", { error });
      throw error;
    }
  };
};
