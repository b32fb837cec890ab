import assert from "node:assert";
import { test } from "node:test";
import { once } from "node:events";
import { get } from "node:http";
import { answer, server } from "./server.mjs";

test("the health check is answered", () => assert.deepEqual(answer("/api/health"), [200, { status: "ok" }]));

test("what is not there is not found", () => assert.equal(answer("/nothing")[0], 404));

test("a path that is no address does not end the service", async () => {
  await once(server.listen(0), "listening");
  const { port } = server.address();
  for (const [path, status] of [["//", 404], ["/api/health?a=1", 200]]) {
    const [response] = await once(get({ port, path }), "response");
    response.resume();
    assert.equal(response.statusCode, status);
  }
  server.close();
});
