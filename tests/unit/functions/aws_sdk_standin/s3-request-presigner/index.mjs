// Stands in for the SDK that Lambda's runtime brings: a URL of the real one's form, with no real signature.
// 900 seconds is what the real one takes if it is told nothing; and unless it is told otherwise it signs the checksum
// of the body that it has into an upload's URL, which is that of an empty one.

export const getSignedUrl = async ({ config }, { operation, input }, { expiresIn = 900 } = {}) => {
  const url = new URL(`https://${input.Bucket}.s3.us-east-1.amazonaws.com/${input.Key}`);
  const checksum =
    operation === "PutObject" && config.requestChecksumCalculation !== "WHEN_REQUIRED"
      ? { "x-amz-checksum-crc32": "AAAAAA==" }
      : {};
  url.search = new URLSearchParams({
    "X-Amz-Credential": "AKIASTANDIN/20250101/us-east-1/s3/aws4_request",
    "X-Amz-Expires": expiresIn,
    "X-Amz-Signature": "signature-of-the-stand-in",
    "x-id": operation,
    ...checksum,
  });
  return url.href;
};
