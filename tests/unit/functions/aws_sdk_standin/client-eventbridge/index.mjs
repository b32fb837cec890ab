import { command, jsonClient } from "../sending.mjs";

export const PutEventsCommand = command("PutEvents");

export const EventBridgeClient = jsonClient({ service: "events", target: "AWSEvents", version: "1.1" });
