"""What the functions' logger writes, from the packaged module in a real Node."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.functions.lambda_standin import LambdaStandin

SECRETS = {
    "address": "ann.lee+kefir@mail.example.co.uk",
    "otp": "482913",
    "jwt": "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl",
    "opaque": "opaque-refresh-value",
    "push": "ExponentPushToken[xxxxPHONExxxx]",
}

# Each field is one way in which a secret gets into a record; s holds SECRETS.
LEAKS = """
  named: { email: s.address, Email_Address: s.address, otp: s.otp, code: s.otp, confirmationCode: s.otp },
  tokens: { accessToken: s.opaque, "X-Auth-Token": s.opaque, refresh_token: s.opaque },
  whole: { password: { value: s.opaque }, session: [s.opaque], token: { S: s.opaque } },
  deep: [[{ a: { b: { c: { d: { Authorization: `Bearer ${s.opaque}` } } } } }]],
  headers: { authorization: s.opaque, cookie: s.opaque, "set-cookie": [s.opaque] },
  cognito: [{ Name: "email", Value: s.address }, { Name: "custom:token", Value: s.opaque }],
  inText: `mail to ${s.address} failed; code is ${s.otp}; Bearer ${s.opaque}; ${s.jwt}; ${s.push}`,
  inBody: JSON.stringify({ email: s.address, data: [{ code: s.otp, idToken: s.opaque }] }),
  inCutBody: JSON.stringify({ code: s.otp, idToken: s.opaque, email: s.address, more: 1 }).slice(0, -3),
  unlikeAnAddress: { email: s.opaque, emails: [s.opaque] },
  inNestedBody: JSON.stringify({ session: { id: s.opaque }, tokens: [{ of: s.opaque }] }),
  inForm: `email=${encodeURIComponent(s.address)}&code=${s.otp}&token=${s.opaque}&page=2`,
  inUrl: `https://b.s3.amazonaws.com/k?X-Amz-Expires=300&X-Amz-Security-Token=${s.opaque}&X-Amz-Signature=${s.opaque}`,
  error: Object.assign(new Error(`no user ${s.address}`, { cause: new Error(`otp ${s.otp} is wrong`) })),
  map: new Map([["token", s.opaque], [s.address, "key"]]),
  set: new Set([s.address]),
  url: new URL(`https://example.com/?token=${s.opaque}`),
  bytes: Buffer.from(s.opaque),
"""


@pytest.fixture(scope="module")
def record(lambda_standin: LambdaStandin) -> dict[str, Any]:
    (line,) = lambda_standin.evaluate(f"""
        const {{ createLogger }} = await import(packaged("handleAuth/shared/logger.mjs"));
        const s = {json.dumps(SECRETS)};
        const parent = createLogger({{ function: "handleAuth" }});
        const log = parent.child({{ requestId: "r-1", caller: s.address }});
        log.warn(`sign-in of ${{s.address}}`, {{ {LEAKS} statusCode: 400, attempts: 3, when: new Date(0) }});
    """)
    assert isinstance(line, dict)
    return line


@pytest.mark.requirement("KF-SEC-01")
def test_no_secret_gets_through_the_logger_by_any_way(record: dict[str, Any]) -> None:
    leaks = {
        (field, secret)
        for field, value in record.items()
        for secret, text in SECRETS.items()
        if text in json.dumps(value) or text in json.dumps(value).replace("%40", "@").replace("%2B", "+")
    }

    assert leaks == set()


def test_what_is_not_secret_stays_readable(record: dict[str, Any]) -> None:
    assert record["level"] == "WARN"
    assert record["message"] == "sign-in of [redacted]"
    assert record["timestamp"].endswith("Z")
    assert (record["function"], record["requestId"]) == ("handleAuth", "r-1")
    assert (record["statusCode"], record["attempts"], record["when"]) == (400, 3, "1970-01-01T00:00:00.000Z")
    assert record["inForm"].endswith("&page=2")
    assert "X-Amz-Expires=300" in record["inUrl"]
    assert record["bytes"] == f"[{len(SECRETS['opaque'])} bytes]"
    assert record["error"]["name"] == "Error"
    assert record["error"]["cause"]["message"] == "otp [redacted] is wrong"


def test_a_record_that_cannot_be_read_is_reported_and_does_not_fail_the_request(
    lambda_standin: LambdaStandin,
) -> None:
    circular, outer, inner, twice = lambda_standin.evaluate("""
        const { createLogger } = await import(packaged("handleAuth/shared/logger.mjs"));
        const log = createLogger();
        const ring = { name: "ring" };
        ring.self = ring;
        log.info("circular", { ring, big: 10n });
        log.info("throwing", { get outer() { throw new TypeError("no"); } });
        log.info("throwing", { at: { get inner() { throw new TypeError("no"); } } });
        const shared = { a: 1 };
        log.info("twice", { first: shared, second: shared });
    """)

    assert circular["ring"] == {"name": "ring", "self": "[circular]"}
    assert circular["big"] == "10"
    for throwing in (outer, inner):
        assert (throwing["message"], throwing["unreadable"]) == ("throwing", "TypeError")
    assert twice["first"] == twice["second"] == {"a": 1}


def test_a_long_text_is_masked_in_time_that_grows_with_its_length_only(lambda_standin: LambdaStandin) -> None:
    (milliseconds,) = lambda_standin.evaluate("""
        const { redact } = await import(packaged("handleAuth/shared/redact.mjs"));
        const started = performance.now();
        for (const unit of ["a", "%40", "token", "a.", "eyJ", "Bearer "]) redact(unit.repeat(50_000));
        console.log(performance.now() - started);
    """)

    assert milliseconds < 2_000
