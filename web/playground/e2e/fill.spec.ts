import { expect, test } from "@playwright/test";

import { fill } from "../src/fill";
import { json } from "../src/json";
import type { Session } from "../src/session";

const BEARER: Session = { mode: "bearer", accessToken: "a", refreshToken: "r" };
const VERIFY = "mutation Any($input: VerifyOtpInput!) { verifyOtp(input: $input) { isNewUser } }";

function filled(session: Session, variables: object, query = VERIFY) {
  return JSON.parse(fill({ query, variables: json(variables), headers: "" }, session).variables);
}

test("a tab is known by the field that it asks for, whatever its name is", () => {
  const session: Session = { mode: "cookie", challengeToken: "c" };
  const input = { code: "1", deviceName: "mine" };
  const expected = { challengeToken: "c", delivery: "COOKIE", code: "1", deviceName: "mine" };
  expect(filled(session, { input })).toEqual({ input: expected });
  expect(filled(session, { input }, "{ me { id } }")).toEqual({ input });
});

test("what is no JSON yet, or is not ours, is left alone", () => {
  for (const text of ["", "{", "[]", '{ "input": 1 }']) {
    expect(fill({ query: VERIFY, variables: text, headers: text }, BEARER)).toEqual({
      query: VERIFY,
      variables: text,
      headers: text,
    });
  }
  const variables = json({ input: {} });
  const half = fill({ query: "mutation {", variables, headers: "{}" }, BEARER);
  expect(half).toEqual({ query: "mutation {", variables, headers: "{}" });
});

test("the header is filled in where it is, and emptied when there is no token", () => {
  const headers = json({ Authorization: "", "X-Mine": "1" });
  const tab = { query: "{ me { id } }", variables: "", headers };
  const signedIn = fill(tab, BEARER);
  expect(JSON.parse(signedIn.headers)).toEqual({ Authorization: "Bearer a", "X-Mine": "1" });
  expect(fill(signedIn, { mode: "cookie" }).headers).toBe(headers);
});
