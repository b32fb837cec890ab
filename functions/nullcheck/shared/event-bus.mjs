import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";

/** events:PutEvents on the default bus. Throws too if the bus took the request and not the event. */
export const publish = async (Source, DetailType, detail, client = new EventBridgeClient({})) => {
  const Entries = [{ Source, DetailType, Detail: JSON.stringify(detail) }];
  const { FailedEntryCount, Entries: answers } = await client.send(new PutEventsCommand({ Entries }));
  if (FailedEntryCount > 0) throw new Error(`${DetailType} was not published: ${answers?.[0]?.ErrorCode}`);
};
