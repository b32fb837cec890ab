import { command, jsonClient } from "../sending.mjs";

export const DeleteItemCommand = command("DeleteItem");
export const GetItemCommand = command("GetItem");
export const PutItemCommand = command("PutItem");
export const QueryCommand = command("Query");
export const UpdateItemCommand = command("UpdateItem");

const Client = jsonClient({ service: "dynamodb", target: "DynamoDB_20120810", version: "1.0" });

// DynamoDB checks a condition and writes in one step; moto does so only if it has one request at a time.
let turn = Promise.resolve();

export class DynamoDBClient extends Client {
  send(sent) {
    const answer = turn.then(() => super.send(sent));
    turn = answer.catch(() => undefined);
    return answer;
  }
}
