import { createLogger } from "#shared/logger.mjs";

const HEADERS = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" };

/** What the caller of the API did wrong, in words that may be shown to them. */
export class RequestError extends Error {
  constructor(statusCode, message) {
    super(message);
    this.name = "RequestError";
    this.statusCode = statusCode;
  }
}

/**
 * Handler of an HTTP API integration (payload format 2.0).
 *
 * @param {object} options
 * @param {string} options.functionName Name that logs and answers carry.
 * @param {Record<string, (event: object) => unknown>} options.routes Route key (`GET /batches/{id}`) to the action
 *   whose result is the body of a 200. A `RequestError` becomes its own status; anything else thrown becomes a
 *   500 that says nothing but the request's id, under which the log has the rest.
 */
export const createHandler = ({ functionName, routes, log = createLogger({ function: functionName }) }) => {
  const answer = async (event, requestLog, requestId) => {
    const route = event?.routeKey;
    // An invocation from the command line has no route: it asks whether the function is there and starts.
    if (route === undefined) return json(200, { function: functionName, route: null });
    if (!Object.hasOwn(routes, route)) return json(404, { error: "no such route", function: functionName });
    try {
      return json(200, await routes[route](event));
    } catch (error) {
      if (error instanceof RequestError) return json(error.statusCode, { error: error.message });
      requestLog.error("request failed", { error });
      return json(500, { error: "internal error", requestId });
    }
  };

  return async (event, context) => {
    const started = Date.now();
    const requestId = context?.awsRequestId;
    const requestLog = log.child({ requestId, route: event?.routeKey });
    const response = await answer(event, requestLog, requestId);
    requestLog.info("request answered", {
      statusCode: response.statusCode,
      durationMs: Date.now() - started,
    });
    return response;
  };
};

/** Actions of a function whose logic is still to be written: each answers with its own name. */
export const placeholders = (functionName, routes) =>
  Object.fromEntries(
    routes.map((route) => [route, () => ({ function: functionName, route, placeholder: true })]),
  );

const json = (statusCode, body) => ({ statusCode, headers: HEADERS, body: JSON.stringify(body) });
