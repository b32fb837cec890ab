import { required } from "#shared/environment.mjs";
import { createEventHandler } from "#shared/events.mjs";
import { objectOf } from "#nullcheck/objects.mjs";
import { createMemory } from "./memory.mjs";
import { createModel } from "./model.mjs";
import { promptFor } from "./prompt.mjs";
import { readTranscript } from "./transcript.mjs";

// What is left after the model's answer, to write it into the memory.
const TIME_TO_REMEMBER_MS = 4_000;
const MOST_PATIENCE_MS = 60_000;

/**
 * Has the model find the moments of a transcript that are worth a clip, with what the agent remembers of the episode,
 * and puts its answer into that memory.
 *
 * @param {object} ports
 * @param {Record<string, string | undefined>} [ports.env]
 * @param {typeof readTranscript} [ports.read]
 */
export const createAnalyzeTranscript = ({ env = process.env, read = readTranscript } = {}) => {
  let memory;
  let model;
  return createEventHandler({
    functionName: "analyzeTranscript",
    on: async (event, { remainingMs }) => {
      const bucket = required(env, "BUCKET_NAME");
      memory ??= createMemory({ memoryId: required(env, "MEMORY_ID") });
      model ??= createModel({ modelId: required(env, "MODEL_ID") });
      const { episodeId, key, size, version } = objectOf(event, { bucket, prefix: "transcripts/" });
      if (size === 0) return { episodeId, ignored: "the transcript is empty" };

      const [transcript, remembered] = await Promise.all([read(bucket, key), memory.recall(episodeId)]);
      const patienceMs = Math.max(1, Math.min(remainingMs() - TIME_TO_REMEMBER_MS, MOST_PATIENCE_MS));
      const analysis = await model.ask(promptFor(transcript, remembered), patienceMs);
      await memory.remember(episodeId, { of: key, version, at: event.time, analysis });
      return { episodeId, truncated: transcript.truncated, analysisCharacters: analysis.length };
    },
  });
};

export const handler = createAnalyzeTranscript();
