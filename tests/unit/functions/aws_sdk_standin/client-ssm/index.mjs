import { command, jsonClient } from "../sending.mjs";

export const GetParameterCommand = command("GetParameter");

export const SSMClient = jsonClient({ service: "ssm", target: "AmazonSSM", version: "1.1" });
