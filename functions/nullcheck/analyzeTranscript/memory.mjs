import { createHash } from "node:crypto";

// One actor for all episodes: what the memory learns about the stream is one body of facts. A session is an episode.
const ACTOR = "nullcheck";
const MOST_EVENTS = 5;
const LONGEST_TEXT = 8_000;

/**
 * The agent's memory of episodes (Bedrock AgentCore).
 *
 * @param {{ memoryId: string, load?: () => Promise<object> }} ports
 */
export const createMemory = ({ memoryId, load = loadSdk }) => {
  let client;
  const send = async (name, input) => {
    const sdk = await load();
    client ??= new sdk.BedrockAgentCoreClient({});
    return client.send(new sdk[name]({ memoryId, actorId: ACTOR, ...input }));
  };

  return {
    /** What was answered about an episode so far. */
    async recall(sessionId) {
      const input = { sessionId, includePayloads: true, maxResults: MOST_EVENTS };
      try {
        const { events = [] } = await send("ListEventsCommand", input);
        return events.flatMap(({ payload = [] }) => payload).flatMap(answersIn);
      } catch (error) {
        // A session begins with its first event.
        if (error.name === "ResourceNotFoundException") return [];
        throw error;
      }
    },

    /** Adds an answer. The token makes an event that comes twice one event of the memory. */
    async remember(sessionId, { of, version, at, analysis }) {
      await send("CreateEventCommand", {
        sessionId,
        eventTimestamp: new Date(at),
        clientToken: createHash("sha256").update(`${of}/${version}`).digest("hex"),
        payload: [said("USER", `Find the clips of ${of}.`), said("ASSISTANT", analysis)],
      });
    },
  };
};

const said = (role, text) => ({ conversational: { role, content: { text: text.slice(0, LONGEST_TEXT) } } });

const answersIn = ({ conversational }) =>
  conversational?.role === "ASSISTANT" ? [conversational.content.text] : [];

// The youngest client that is used here: a runtime whose SDK is older than it must say so, and not "module not found".
const loadSdk = async () => {
  try {
    return await import("@aws-sdk/client-bedrock-agentcore");
  } catch (error) {
    if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new Error(
      "the runtime's AWS SDK has no client for AgentCore: deploy a bundle with one (see the README)",
      {
        cause: error,
      },
    );
  }
};
