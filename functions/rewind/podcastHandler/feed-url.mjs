/**
 * The address of a feed in one spelling, or undefined for one that this function must not ask: users name the
 * addresses, and what it can reach is more than what they can. Addresses by number and names of inner networks are
 * out, and so is anything but https on its own port.
 */
export const safeFeedUrl = (text) => {
  let url;
  try {
    url = new URL(text);
  } catch {
    return undefined;
  }
  const { protocol, hostname, port, username, password } = url;
  if (protocol !== "https:" || port || username || password) return undefined;
  if (!/\.[a-z][a-z0-9-]*$/.test(hostname) || /\.(internal|local|localhost)$/.test(hostname))
    return undefined;
  url.hash = "";
  return url.href;
};
