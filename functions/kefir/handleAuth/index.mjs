import { createHandler, placeholders } from "#shared/http.mjs";

export const handler = createHandler({
  functionName: "handleAuth",
  routes: placeholders("handleAuth", ["POST /auth/login", "POST /auth/verify"]),
});
