import { createHandler, placeholders } from "#shared/http.mjs";

export const handler = createHandler({
  functionName: "handlePublic",
  routes: placeholders("handlePublic", ["GET /public/b/{id}"]),
});
