import { createHandler, placeholders } from "#shared/http.mjs";

export const handler = createHandler({
  functionName: "handleExport",
  routes: placeholders("handleExport", ["GET /export"]),
});
