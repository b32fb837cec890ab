import { RequestError } from "#shared/http.mjs";

// The user's id comes from the verified token only, so nobody can ask for what is another user's.
export const userOf = (event) => {
  const user = event.requestContext?.authorizer?.claims?.sub;
  if (!user) throw new RequestError(401, "sign in first");
  return user;
};
