import { createHandler, placeholders } from "#shared/http.mjs";

export const handler = createHandler({
  functionName: "handleDevices",
  routes: placeholders("handleDevices", ["POST /devices", "DELETE /devices/{id}"]),
});
