// What the stand-ins of the SDK's clients share. They stand in for the SDK that Lambda's runtime brings: the same
// `send(command)`, over the service's own protocol to the endpoint in AWS_ENDPOINT_URL; no signature, no retries. What
// is sent is kept in `globalThis.awsRequests`; a request that matches one in `globalThis.awsFailures` fails as if the
// service had.

globalThis.awsRequests ??= [];
globalThis.awsFailures ??= [];

export const command = (operation) =>
  class {
    operation = operation;
    constructor(input) {
      this.input = input;
    }
  };

export const serviceError = (name, message) => Object.assign(new Error(message), { name });

export const record = ({ operation, input }) => {
  globalThis.awsRequests.push({ operation, input });
  const failure = globalThis.awsFailures.find(
    (each) => each.operation === operation && JSON.stringify(input).includes(each.mentions),
  );
  if (failure) throw serviceError(failure.name ?? "InternalServerError", failure.message ?? "made to fail");
};

/** moto finds the service in the credential's scope. */
export const authorization = (service) =>
  `AWS4-HMAC-SHA256 Credential=test/20250101/us-east-1/${service}/aws4_request`;

/** Client of a service that speaks JSON with the operation in a header. */
export const jsonClient = ({ service, target, version }) =>
  class {
    async send(sent) {
      record(sent);
      const response = await fetch(process.env.AWS_ENDPOINT_URL, {
        method: "POST",
        headers: {
          "content-type": `application/x-amz-json-${version}`,
          "x-amz-target": `${target}.${sent.operation}`,
          authorization: authorization(service),
        },
        body: JSON.stringify(sent.input),
      });
      const body = await response.json();
      if (!response.ok) throw serviceError(body.__type.split("#").at(-1), body.message ?? body.Message);
      return body;
    }
  };

/**
 * Client of a service that moto does not have: nothing is sent, and the test says what comes back, by operation, in
 * `globalThis.awsAnswers`.
 */
export const answeredByTheTest = (convert = (answer) => answer) =>
  class {
    async send(sent) {
      record(sent);
      const answer = globalThis.awsAnswers?.[sent.operation];
      if (answer === undefined) throw new Error(`the test has no answer to ${sent.operation}`);
      return convert(answer);
    }
  };
