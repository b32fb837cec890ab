import { answeredByTheTest, command } from "../sending.mjs";

export const CreateJobCommand = command("CreateJob");

export const MediaConvertClient = answeredByTheTest();
