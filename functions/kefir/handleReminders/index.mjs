import { createHandler, placeholders } from "#shared/http.mjs";

export const handler = createHandler({
  functionName: "handleReminders",
  routes: placeholders("handleReminders", [
    "GET /reminders/suggestions",
    "POST /reminders",
    "GET /reminders",
    "DELETE /reminders/{id}",
  ]),
});
