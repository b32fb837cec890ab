import { createHandler, placeholders, RequestError } from "#shared/http.mjs";
import { createPhotoUrls } from "./photo-urls.mjs";

const functionName = "handleBatches";

/** @param {{ photoUrls?: ReturnType<typeof createPhotoUrls> }} ports */
export const createBatchesHandler = ({ photoUrls = createPhotoUrls() } = {}) =>
  createHandler({
    functionName,
    routes: {
      ...placeholders(functionName, ["POST /batches", "GET /batches", "DELETE /batches/{id}"]),
      "GET /batches/{id}": async (event) => ({
        function: functionName,
        route: event.routeKey,
        photo: { downloadUrl: await photoUrls.download(photoKey(event)) },
      }),
      "PATCH /batches/{id}": async (event) => ({
        function: functionName,
        route: event.routeKey,
        photo: { uploadUrl: await photoUrls.upload(photoKey(event)) },
      }),
    },
  });

// The user's id comes from the verified token only, so nobody can ask for a URL into another user's photos.
const photoKey = (event) => {
  const user = event.requestContext?.authorizer?.jwt?.claims?.sub;
  if (!user) throw new RequestError(401, "sign in first");
  const batch = event.pathParameters?.id ?? "";
  if (!/^[\w-]{1,64}$/.test(batch))
    throw new RequestError(400, "a batch id has letters, digits, - and _ only");
  return `users/${user}/batches/${batch}/photo`;
};

export const handler = createBatchesHandler();
