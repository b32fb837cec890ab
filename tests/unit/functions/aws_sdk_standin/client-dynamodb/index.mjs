// Stands in for the SDK that Lambda's runtime brings: the same `send(command)`, over DynamoDB's own JSON protocol,
// to the endpoint in AWS_ENDPOINT_URL. No signature, no retries. What it sent is kept in `globalThis.awsRequests`;
// a request that matches one in `globalThis.awsFailures` fails as if the service had.

class Command {
  constructor(input) {
    this.input = input;
  }
}

export class QueryCommand extends Command {
  operation = "Query";
}

export class UpdateItemCommand extends Command {
  operation = "UpdateItem";
}

// DynamoDB checks a condition and writes in one step; moto does so only if it has one request at a time.
let turn = Promise.resolve();

export class DynamoDBClient {
  send(command) {
    const answer = turn.then(() => post(command));
    turn = answer.catch(() => undefined);
    return answer;
  }
}

const post = async ({ operation, input }) => {
  globalThis.awsRequests.push({ operation, input });
  const fails = (failure) =>
    failure.operation === operation && JSON.stringify(input).includes(failure.mentions);
  if (globalThis.awsFailures.some(fails)) throw serviceError("InternalServerError", "made to fail");
  const response = await fetch(process.env.AWS_ENDPOINT_URL, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `DynamoDB_20120810.${operation}`,
      authorization: "AWS4-HMAC-SHA256 Credential=test/20250101/us-east-1/dynamodb/aws4_request",
    },
    body: JSON.stringify(input),
  });
  const body = await response.json();
  if (!response.ok) throw serviceError(body.__type.split("#").at(-1), body.message ?? body.Message);
  return body;
};

const serviceError = (name, message) => Object.assign(new Error(message), { name });
