/** Expo Push API: https://docs.expo.dev/push-notifications/sending-notifications/ */

const EXPO_PUSH_URL = "https://exp.host/--/api/v2/push/send";
const MOST_MESSAGES_PER_REQUEST = 100;
const TIMEOUT_MS = 8_000;
// Left after the last answer, to write down what was delivered: unwritten deliveries are made again.
const TIME_TO_WRITE_MS = 3_000;

// The service refuses a request as a whole for one message it cannot read.
const REFUSED = new Set([400, 413, 422]);

// Tickets that a later attempt cannot change.
const PERMANENT = new Set(["DeviceNotRegistered", "MessageTooBig"]);

/**
 * @typedef {{ status: "delivered" } | { status: "rejected" | "failed", reason: string }} Delivery
 *   `delivered`: Expo took it. `rejected`: no attempt will ever succeed. `failed`: worth another attempt.
 */

/**
 * @param {object} ports
 * @param {typeof fetch} ports.fetch
 * @param {string} ports.url Where to send; only tests and proxies set it (EXPO_PUSH_URL).
 * @returns {{ send: (messages: object[], remainingMs: () => number) => Promise<Delivery[]> }}
 *   `send` never throws, and answers one delivery a message, in order. It starts no request for which the time that
 *   the function still has might not do.
 */
export const createExpoPush = ({ fetch = globalThis.fetch, url = EXPO_PUSH_URL } = {}) => {
  requireSafe(new URL(url));

  const post = async (messages) => {
    const response = await fetch(url, {
      method: "POST",
      headers: { accept: "application/json", "content-type": "application/json" },
      body: JSON.stringify(messages),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (REFUSED.has(response.status)) return { refused: response.status };
    if (!response.ok) throw new Error(`Expo answered HTTP ${response.status}`);
    const { data } = await response.json();
    if (!Array.isArray(data) || data.length !== messages.length) {
      throw new Error(`Expo answered ${data?.length ?? "no"} tickets for ${messages.length} messages`);
    }
    return { tickets: data };
  };

  const sendRequest = async (messages, remainingMs) => {
    try {
      if (remainingMs() < TIMEOUT_MS + TIME_TO_WRITE_MS) throw new Error("no time left to send");
      const { tickets, refused } = await post(messages);
      if (tickets) return tickets.map(delivery);
      if (messages.length === 1) return [{ status: "failed", reason: `HTTP ${refused}` }];
    } catch (error) {
      return messages.map(() => ({ status: "failed", reason: error.message }));
    }
    // One message spoils the request for up to 99 others: halve it until the bad one is alone.
    const middle = Math.ceil(messages.length / 2);
    return [
      ...(await sendRequest(messages.slice(0, middle), remainingMs)),
      ...(await sendRequest(messages.slice(middle), remainingMs)),
    ];
  };

  return {
    send: async (messages, remainingMs) => {
      const deliveries = [];
      for (let start = 0; start < messages.length; start += MOST_MESSAGES_PER_REQUEST) {
        const request = messages.slice(start, start + MOST_MESSAGES_PER_REQUEST);
        deliveries.push(...(await sendRequest(request, remainingMs)));
      }
      return deliveries;
    },
  };
};

const delivery = (ticket) => {
  if (ticket?.status === "ok") return { status: "delivered" };
  const reason = ticket?.details?.error ?? ticket?.message ?? "unknown ticket";
  return { status: PERMANENT.has(reason) ? "rejected" : "failed", reason };
};

const requireSafe = ({ protocol, hostname }) => {
  const loopback = hostname === "127.0.0.1" || hostname === "localhost";
  if (protocol !== "https:" && !loopback)
    throw new Error(`EXPO_PUSH_URL must be https, not ${protocol}//${hostname}`);
};
