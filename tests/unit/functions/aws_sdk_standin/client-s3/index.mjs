import { authorization, command, record, serviceError } from "../sending.mjs";

export const GetObjectCommand = command("GetObject");
export const ListObjectsV2Command = command("ListObjectsV2");
export const PutObjectCommand = command("PutObject");

export class S3Client {
  /** The presigner's stand-in looks at it. */
  constructor(config) {
    this.config = config;
  }

  async send(sent) {
    record(sent);
    return operations[sent.operation](sent.input);
  }
}

const ask = async (method, path, { headers, body } = {}) => {
  const response = await fetch(new URL(path, process.env.AWS_ENDPOINT_URL), {
    method,
    headers: { authorization: authorization("s3"), ...headers },
    body,
  });
  if (response.ok) return response;
  throw serviceError(element(await response.text(), "Code"), "refused by S3");
};

const element = (xml, name) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];

const operations = {
  PutObject: async ({ Bucket, Key, Body, ContentType }) => {
    await ask("PUT", `/${Bucket}/${Key}`, { headers: { "content-type": ContentType }, body: Body });
    return {};
  },
  GetObject: async ({ Bucket, Key, Range }) => {
    const response = await ask("GET", `/${Bucket}/${Key}`, { headers: Range && { range: Range } });
    return {
      Body: { transformToString: () => response.text() },
      ContentRange: response.headers.get("content-range") ?? undefined,
    };
  },
  ListObjectsV2: async ({ Bucket, Prefix, ContinuationToken }) => {
    const query = new URLSearchParams({
      "list-type": "2",
      "max-keys": "2",
      prefix: Prefix,
      ...(ContinuationToken && { "continuation-token": ContinuationToken }),
    });
    const xml = await (await ask("GET", `/${Bucket}?${query}`)).text();
    const contents = xml.match(/<Contents>[^]*?<\/Contents>/g) ?? [];
    return {
      Contents: contents.map((entry) => ({
        Key: element(entry, "Key"),
        Size: Number(element(entry, "Size")),
      })),
      NextContinuationToken: element(xml, "NextContinuationToken"),
    };
  },
};
