import { BedrockClient, ListInferenceProfilesCommand } from "@aws-sdk/client-bedrock";
import { BedrockRuntimeClient, InvokeModelCommand } from "@aws-sdk/client-bedrock-runtime";

const LONGEST_ANSWER_TOKENS = 1024;

/**
 * A Claude model on Bedrock: MODEL_ID is a model or an inference profile. Newer models can be had through a profile
 * only; for such a model the account's profile that holds it is looked up.
 *
 * @param {{ modelId: string, runtime?: BedrockRuntimeClient, bedrock?: BedrockClient }} ports
 */
export const createModel = ({
  modelId,
  runtime = new BedrockRuntimeClient({ maxAttempts: 2 }),
  bedrock = new BedrockClient({}),
}) => {
  let usable = modelId;

  const invoke = async (prompt, abortSignal) => {
    const body = {
      anthropic_version: "bedrock-2023-05-31",
      max_tokens: LONGEST_ANSWER_TOKENS,
      messages: [{ role: "user", content: [{ type: "text", text: prompt }] }],
    };
    const request = {
      modelId: usable,
      contentType: "application/json",
      accept: "application/json",
      body: JSON.stringify(body),
    };
    const answer = await runtime.send(new InvokeModelCommand(request), { abortSignal });
    return textOf(JSON.parse(Buffer.from(answer.body).toString("utf8")));
  };

  const profileOfModel = async () => {
    let nextToken;
    do {
      const page = await bedrock.send(new ListInferenceProfilesCommand({ nextToken }));
      const profile = page.inferenceProfileSummaries.find(({ models }) =>
        models.some(({ modelArn }) => modelArn.endsWith(`/${modelId}`)),
      );
      if (profile) return profile.inferenceProfileId;
      nextToken = page.nextToken;
    } while (nextToken);
    throw new Error(`no inference profile holds the model ${modelId}`);
  };

  return {
    /** The model's answer to a prompt. */
    async ask(prompt, patienceMs) {
      const abortSignal = AbortSignal.timeout(patienceMs);
      try {
        return await invoke(prompt, abortSignal);
      } catch (error) {
        if (usable !== modelId || !needsProfile(error)) throw error;
        usable = await profileOfModel();
        return invoke(prompt, abortSignal);
      }
    },
  };
};

const needsProfile = ({ name, message }) =>
  name === "ValidationException" && message.includes("on-demand throughput");

const textOf = ({ content = [] }) => {
  const text = content
    .filter(({ type }) => type === "text")
    .map((part) => part.text)
    .join("\n")
    .trim();
  if (!text) throw new Error("the model answered without text");
  return text;
};
