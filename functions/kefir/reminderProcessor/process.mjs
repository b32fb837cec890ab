import { randomUUID } from "node:crypto";

// After a day a reminder helps nobody; until then every run tries again.
const GIVE_UP_AFTER_MS = 24 * 60 * 60 * 1000;
// Time to claim a page, send it and write it down; with less left, the rest is for the next run.
const TIME_FOR_A_PAGE_MS = 15_000;
const EXPO_TOKEN = /^Expo(nent)?PushToken\[.+\]$/;

/**
 * Sends the notifications of all due reminders.
 *
 * Nothing is delivered twice by runs that overlap: a reminder is claimed before it is sent. A run that dies between
 * sending and writing it down sends again (at least once, since Expo offers no transaction with the table).
 *
 * @param {object} ports
 * @param {ReturnType<import("./dynamo-reminders.mjs").createDynamoReminders>} ports.reminders
 * @param {ReturnType<import("./expo-push.mjs").createExpoPush>} ports.push
 * @param {() => Date} ports.now
 * @param {() => number} ports.remainingMs Time until the function is stopped.
 * @returns Counts of reminders: `due` = `sent` + `undeliverable` (no device can ever take it, or a day too late)
 *   + `retried` (left pending for the next run) + `taken` (another run has it, or its owner changed it meanwhile).
 *   `complete` is false if time ran out before the last page.
 * @throws What the query throws: without it there is no run.
 */
export const processDueReminders = async ({ reminders, push, now, log, remainingMs }) => {
  const run = { id: randomUUID(), reminders, push, now, log, remainingMs, devices: deviceCache(reminders) };
  const counts = { due: 0, sent: 0, undeliverable: 0, retried: 0, taken: 0, complete: true };
  for await (const page of reminders.due(now())) {
    if (remainingMs() < TIME_FOR_A_PAGE_MS) {
      counts.complete = false;
      break;
    }
    const outcomes = await processPage(run, page);
    counts.due += page.length;
    for (const outcome of outcomes) counts[outcome] += 1;
  }
  return counts;
};

const processPage = async (run, page) => {
  const attempts = await Promise.all(page.map((reminder) => prepare(run, reminder)));
  const messages = attempts.flatMap(({ messages = [] }) => messages);
  const deliveries = await run.push.send(
    messages.map(({ message }) => message),
    run.remainingMs,
  );
  const delivered = new Map(messages.map((entry, index) => [entry, deliveries[index]]));
  await retireUnknownDevices(run, delivered);
  return Promise.all(
    attempts.map((attempt) =>
      attempt.outcome
        ? attempt.outcome
        : settle(
            run,
            attempt.reminder,
            attempt.messages.map((m) => delivered.get(m)),
          ),
    ),
  );
};

/** Claims a reminder and addresses it to each device of its user, or says at once how it ended. */
const prepare = async (run, reminder) => {
  try {
    if (!(await run.reminders.claim(reminder, run.id, run.now()))) return { reminder, outcome: "taken" };
    if (!reminder.userId) throw new Error("its key names no user");
    const devices = await run.devices(reminder.userId);
    const messages = devices
      .filter(({ pushToken }) => EXPO_TOKEN.test(pushToken))
      .map((device) => toMessage(reminder, device));
    return { reminder, messages };
  } catch (error) {
    return { reminder, outcome: await retryOrGiveUp(run, reminder, error) };
  }
};

const toMessage = (reminder, device) => ({
  device,
  message: {
    to: device.pushToken,
    title: reminder.title ?? "Kefir",
    body: reminder.body ?? "A batch needs you.",
    data: { reminderId: reminder.sk.replace(/^REMINDER#/, ""), batchId: reminder.batchId },
  },
});

/** The end of a reminder: one device that took it is enough. */
const settle = async (run, reminder, deliveries) => {
  if (deliveries.some(({ status }) => status === "delivered")) return finish(run, reminder, "sent");
  const failed = deliveries.find(({ status }) => status === "failed");
  if (failed) return retryOrGiveUp(run, reminder, new Error(failed.reason));
  const reason = deliveries[0]?.reason ?? "NoDevice";
  run.log.warn("reminder cannot be delivered", { reminder: keyOf(reminder), reason });
  return finish(run, reminder, "undeliverable", reason);
};

const retryOrGiveUp = async (run, reminder, error) => {
  run.log.error("reminder failed", { reminder: keyOf(reminder), error });
  const overdueMs = run.now().getTime() - Date.parse(reminder.dueAt);
  // A due time that is no date is no number here, compares as false, and is given up at once.
  if (overdueMs < GIVE_UP_AFTER_MS) return "retried";
  return finish(run, reminder, "undeliverable", "TooLate");
};

const finish = async (run, reminder, status, reason) => {
  try {
    return (await run.reminders.finish(reminder, run.id, run.now(), status, reason)) ? status : "taken";
  } catch (error) {
    run.log.error("the end of a reminder could not be written", { reminder: keyOf(reminder), status, error });
    return "retried";
  }
};

const retireUnknownDevices = async (run, delivered) => {
  const gone = new Map();
  for (const [{ device }, { reason }] of delivered) {
    if (reason === "DeviceNotRegistered") gone.set(device.pushToken, device);
  }
  await Promise.all(
    Array.from(gone.values(), async (device) => {
      try {
        await run.reminders.retire(device);
      } catch (error) {
        run.log.error("device could not be retired", { device: keyOf(device), error });
      }
    }),
  );
};

/** Devices by user, read once a run: most of a user's reminders fall due together. */
const deviceCache = (reminders) => {
  const known = new Map();
  return (userId) => {
    if (!known.has(userId)) known.set(userId, reminders.devices(userId));
    return known.get(userId);
  };
};

const keyOf = ({ pk, sk }) => ({ pk, sk });
