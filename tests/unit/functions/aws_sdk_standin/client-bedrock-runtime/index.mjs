import { answeredByTheTest, command } from "../sending.mjs";

export const InvokeModelCommand = command("InvokeModel");

// The SDK gives a body as bytes.
export const BedrockRuntimeClient = answeredByTheTest((answer) => ({
  body: new TextEncoder().encode(JSON.stringify(answer)),
}));
