import { answeredByTheTest, command } from "../sending.mjs";

export const CreateEventCommand = command("CreateEvent");
export const ListEventsCommand = command("ListEvents");

export const BedrockAgentCoreClient = answeredByTheTest();
