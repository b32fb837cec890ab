import { createHandler, placeholders } from "#shared/http.mjs";

export const handler = createHandler({
  functionName: "handleEvents",
  routes: placeholders("handleEvents", [
    "GET /batches/{id}/events",
    "POST /batches/{id}/events",
    "DELETE /batches/{id}/events/{eventId}",
  ]),
});
