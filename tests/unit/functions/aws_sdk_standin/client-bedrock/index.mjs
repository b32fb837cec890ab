import { answeredByTheTest, command } from "../sending.mjs";

export const ListInferenceProfilesCommand = command("ListInferenceProfiles");

export const BedrockClient = answeredByTheTest();
