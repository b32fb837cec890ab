import { answeredByTheTest, command } from "../sending.mjs";

export const GetRecommendationsCommand = command("GetRecommendations");

export const PersonalizeRuntimeClient = answeredByTheTest();
