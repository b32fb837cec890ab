// The least that the service needs: it answers the health check, and ends when it is told to.
import { createServer } from "node:http";

export function answer(path) {
  if (path === "/api/health") return [200, { status: "ok" }];
  if (path === "/") return [200, { service: "doomscroll-sample" }];
  return [404, { error: "not found" }];
}

export const server = createServer((request, response) => {
  const [status, body] = answer(request.url.split("?", 1)[0]);
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
});

if (process.argv[1]?.endsWith("server.mjs")) {
  server.listen(Number(process.env.PORT ?? 3000), () => console.log(`listening on ${server.address().port}`));
  // ECS says SIGTERM and waits: requests that are under way are answered first.
  process.on("SIGTERM", () => server.close(() => process.exit(0)));
}
