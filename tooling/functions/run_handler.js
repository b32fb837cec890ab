// Calls one handler as Lambda's Node.js runtime does: { folder, outcome, event, milliseconds, name } on stdin as
// JSON; { result } or { error } is written to the file `outcome`. What the handler logs goes to stderr.

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { folder, outcome, event, milliseconds, name } = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write = process.stderr.write.bind(process.stderr);
const ends = Date.now() + milliseconds;
const context = {
  awsRequestId: crypto.randomUUID(),
  functionName: name,
  getRemainingTimeInMillis: () => Math.max(0, ends - Date.now()),
};

const answer = (what) => {
  writeFileSync(outcome, JSON.stringify(what));
  process.exit(0);
};

try {
  const { handler } = await import(pathToFileURL(`${folder}/index.mjs`));
  if (typeof handler !== "function") throw new TypeError("index.mjs exports no function handler");
  answer({ result: (await handler(event, context)) ?? null });
} catch (error) {
  answer({ error: { errorType: error?.name ?? "Error", errorMessage: String(error?.message ?? error) } });
}
