import { createLogger } from "#shared/logger.mjs";

const HEADERS = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" };
const LONGEST_BODY = 64 * 1024;

/** What the caller of the API did wrong, in words that may be shown to them. */
export class RequestError extends Error {
  constructor(statusCode, message) {
    super(message);
    this.name = "RequestError";
    this.statusCode = statusCode;
  }
}

/** Result of an action that made something: its body goes out with a 201. */
export class Created {
  constructor(body) {
    this.body = body;
  }
}

/**
 * Handler of API Gateway's proxy integrations: of HTTP APIs (payload format 2.0) and of REST APIs (1.0).
 *
 * @param {object} options
 * @param {string} options.functionName Name that logs and answers carry.
 * @param {Record<string, (event: object, call: { log: object }) => unknown>} options.routes Route
 *   (`GET /batches/{id}`) to the action whose result is the body of a 200. A `RequestError` becomes its own status;
 *   anything else thrown becomes a 500 that says nothing but the request's id, under which the log has the rest.
 * @param {() => string | undefined} [options.origin] Origin that browsers may call from. REST APIs leave CORS to
 *   the function; an HTTP API does it itself.
 */
export const createHandler = ({
  functionName,
  routes,
  origin = () => undefined,
  log = createLogger({ function: functionName }),
}) => {
  const answer = async (event, requestLog, requestId) => {
    const route = routeOf(event);
    // An invocation from the command line has no route: it asks whether the function is there and starts.
    if (route === undefined) return json(200, { function: functionName, route: null });
    if (!Object.hasOwn(routes, route)) return json(404, { error: "no such route", function: functionName });
    try {
      const result = await routes[route](event, { log: requestLog });
      return result instanceof Created ? json(201, result.body) : json(200, result);
    } catch (error) {
      if (error instanceof RequestError) return json(error.statusCode, { error: error.message });
      requestLog.error("request failed", { error });
      return json(500, { error: "internal error", requestId });
    }
  };

  return async (event, context) => {
    const started = Date.now();
    const requestId = context?.awsRequestId;
    const requestLog = log.child({ requestId, route: routeOf(event) });
    const response = await answer(event, requestLog, requestId);
    requestLog.info("request answered", {
      statusCode: response.statusCode,
      durationMs: Date.now() - started,
    });
    return { ...response, headers: { ...response.headers, ...cors(origin()) } };
  };
};

/** Actions of a function whose logic is still to be written: each answers with its own name. */
export const placeholders = (functionName, routes) =>
  Object.fromEntries(
    routes.map((route) => [route, () => ({ function: functionName, route, placeholder: true })]),
  );

/** The body of a request, which must be a JSON object. */
export const jsonBody = (event) => {
  const text = event.isBase64Encoded
    ? Buffer.from(event.body ?? "", "base64").toString("utf8")
    : (event.body ?? "");
  if (text.length > LONGEST_BODY) {
    throw new RequestError(413, `the body is longer than ${LONGEST_BODY} characters`);
  }
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    throw new RequestError(400, "the body is not JSON");
  }
  if (body === null || typeof body !== "object" || Array.isArray(body)) {
    throw new RequestError(400, "the body is not a JSON object");
  }
  return body;
};

/** @param {{ routeKey?: string, httpMethod?: string, resource?: string } | undefined} event */
const routeOf = (event) => {
  if (event?.routeKey !== undefined) return event.routeKey;
  return event?.httpMethod === undefined ? undefined : `${event.httpMethod} ${event.resource}`;
};

const cors = (origin) => {
  if (!origin) return {};
  const allowed = { "access-control-allow-origin": origin };
  return origin === "*" ? allowed : { ...allowed, vary: "origin" };
};

const json = (statusCode, body) => ({ statusCode, headers: HEADERS, body: JSON.stringify(body) });
