// Stands in for Lambda: calls handlers of unpacked packages as the runtime would. One line of JSON on stdin, one on
// stdout: { root, together, failures, answers, invocations } asks for an outcome an invocation, made one after the other,
// or all at once where `together` says so. Ends with its stdin.

import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const LONGEST_MS = 30_000;

const logLines = [];
const writeToStdout = process.stdout.write.bind(process.stdout);
process.stdout.write = (text) => logLines.push(...text.split("\n").filter(Boolean)) > 0;

let instances = 0;

// A new module each time: the next invocation meets a function that has just started.
const load = async (root, { function: name, now, hosts }) => {
  instances += 1;
  const module = await import(`${pathToFileURL(`${root}/${name}/index.mjs`)}?instance=${instances}`);
  if (!now && !hosts) return module.handler;
  const [, create] = Object.entries(module).find(([exported]) => exported.startsWith("create"));
  return create({ ...(now && { now: () => new Date(now) }), ...(hosts && { fetch: fetchFrom(hosts) }) });
};

// The names and certificates of other people's hosts are not to be had here: requests to them go to a server of the
// test, and are real from there on.
const fetchFrom = (hosts) => async (address, options) => {
  const { origin, pathname, search } = new URL(address);
  if (!Object.hasOwn(hosts, origin)) throw new TypeError(`no such host: ${origin}`);
  return fetch(new URL(pathname + search, hosts[origin]), options);
};

const invoke = async (root, invocation) => {
  const handler = await load(root, invocation);
  const context = { awsRequestId: "request-1", getRemainingTimeInMillis: () => invocation.remainingMs };
  try {
    return { result: await handler(invocation.event, context) };
  } catch (error) {
    return { error: { name: error.name, message: error.message } };
  }
};

const withEnvironment = async (variables, action) => {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  try {
    return await action();
  } finally {
    process.env = before;
  }
};

const answer = async ({ root, together, failures, answers, invocations }) => {
  globalThis.awsFailures = failures;
  globalThis.awsAnswers = answers;
  globalThis.awsRequests = [];
  if (together) {
    const variables = Object.assign({}, ...invocations.map(({ env }) => env));
    const all = await withEnvironment(variables, () => Promise.all(invocations.map((i) => invoke(root, i))));
    logLines.length = 0;
    // Who wrote which line and sent which request cannot be told apart.
    return all.map((outcome) => ({ ...outcome, logs: [], requests: [] }));
  }
  const outcomes = [];
  for (const invocation of invocations) {
    const outcome = await withEnvironment(invocation.env, () => invoke(root, invocation));
    outcomes.push({ ...outcome, logs: logLines.splice(0), requests: globalThis.awsRequests.splice(0) });
  }
  return outcomes;
};

for await (const line of createInterface({ input: process.stdin })) {
  const overdue = setTimeout(() => {
    console.error(`no answer in ${LONGEST_MS} ms: ${line}`);
    process.exit(1);
  }, LONGEST_MS);
  writeToStdout(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
  clearTimeout(overdue);
}
