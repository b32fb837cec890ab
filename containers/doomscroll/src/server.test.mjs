import assert from "node:assert";
import { test } from "node:test";
import { answer } from "./server.mjs";

test("the health check is answered", () => assert.deepEqual(answer("/api/health"), [200, { status: "ok" }]));

test("what is not there is not found", () => assert.equal(answer("/nothing")[0], 404));
