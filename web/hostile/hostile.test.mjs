// Pages of somebody else in a real browser, whose user is signed in by cookies. Whatever they try,
// nothing changes.
//
// One of them is of another site, which is not given the cookies (`SameSite=Lax`), except for links.
// The other one is of the same site: another port of this machine. It is given all of them, so
// that all that stands between is the server's own rule.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { chromium } from "playwright-core";

import { freePort, start, until } from "../countersign.mjs";
import { ATTACKS, PREFLIGHTED } from "./attacks.mjs";
import { emptyPage, witness } from "./witness.mjs";

const LOGOUT = "mutation { logoutAll { revokedCount } }";
const [own, hidden, app, evil] = await Promise.all([1, 2, 3, 4].map(freePort));
const API = `http://localhost:${own}/graphql`;
const APP = `http://localhost:${app}/`;
const HOSTILE = {
  "a page of the same site": `http://localhost:${evil}/`,
  "a page of another site": `http://evil.test:${evil}/`,
};

let server, proxy, pages, browser, context, user;

before(async () => {
  server = await start(hidden, {
    COUNTERSIGN__PUBLIC_URL: `http://localhost:${own}`,
    COUNTERSIGN__HTTP__ALLOWED_ORIGINS: APP.slice(0, -1),
  });
  proxy = await witness(own, hidden);
  pages = await Promise.all([app, evil].map(emptyPage));
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--host-resolver-rules=MAP evil.test 127.0.0.1"],
  });
  context = await browser.newContext();
  user = await context.newPage();
  await user.goto(APP);
  await signIn("ada@example.com");
});

after(async () => {
  await browser?.close();
  proxy?.stop();
  pages?.forEach((page) => page.stop());
  await server?.stop();
});

/** As the app itself asks, from an origin that is listed. */
function ask(query, variables) {
  return user.evaluate(
    async ({ api, body }) => {
      const headers = { "content-type": "application/json", "graphql-require-preflight": "1" };
      const init = { method: "POST", credentials: "include", headers, body };
      return (await fetch(api, init)).json();
    },
    { api: API, body: JSON.stringify({ query, variables }) },
  );
}

/** What to say to be signed in by cookie as whoever holds this address. */
async function proof(email) {
  const known = server.output().length;
  const query = `mutation { requestOtp(input: { recipient: { email: "${email}" } }) { challenge { challengeToken } } }`;
  const { data } = await ask(query);
  const printed = () => /code +(\d{6})/.exec(server.output().slice(known))?.[1];
  const code = await until(printed, "the code");
  const { challengeToken } = data.requestOtp.challenge;
  return `mutation { verifyOtp(input: { recipient: { email: "${email}" }, code: "${code}", challengeToken: "${challengeToken}", delivery: COOKIE }) { user { email } tokens { accessToken } userErrors { code } } }`;
}

async function signIn(email) {
  const { data } = await ask(await proof(email));
  assert.deepEqual(data.verifyOtp, { user: { email }, tokens: null, userErrors: [] });
}

/** All that an attack could have changed. */
async function state() {
  const { data } = await ask("{ me { email sessions { nodes { id lastSeenAt } } } }");
  const cookies = await context.cookies(API);
  assert.equal(cookies.length, 2);
  return { me: data.me, cookies: cookies.map(({ name, value }) => `${name}=${value}`) };
}

/** Opens `url`, has it attack, and tells what the server saw of that. */
async function attacked(url, attack, query, reaches) {
  const page = await context.newPage();
  try {
    await page.goto(url);
    proxy.seen.length = 0;
    await attack({ page, args: { api: API, query } });
    const arrived = () => proxy.seen.find(({ method }) => reaches(method));
    await until(arrived, "the attack to arrive");
    return [...proxy.seen];
  } finally {
    await page.close();
  }
}

test("the cookies are there, and no script reads them", async () => {
  const cookies = await context.cookies(API);
  const names = cookies.map(({ name }) => name).sort();
  assert.deepEqual(names, ["countersign-access", "countersign-refresh"]);
  for (const cookie of cookies) {
    assert.equal(cookie.httpOnly, true);
    assert.equal(cookie.sameSite, "Lax");
  }
  // Of all ports of one host, cookies are the same.
  assert.equal(await user.evaluate(() => document.cookie), "");
  assert.equal((await state()).me.email, "ada@example.com");
});

for (const [who, url] of Object.entries(HOSTILE)) {
  const isSameSite = who.includes("same");
  for (const [what, attack] of Object.entries(ATTACKS)) {
    test(`${what}, from ${who}, changes nothing`, async () => {
      const old = await state();
      const reaches = (method) => method !== "OPTIONS";
      const seen = await attacked(url, attack, LOGOUT, reaches);
      for (const { method, hasCookies, status, code, setsCookies } of seen) {
        assert.equal(hasCookies, isSameSite || what === "a link", method);
        assert.ok(status >= 400, `${status}`);
        if (hasCookies) assert.equal(code, "CSRF_REJECTED");
        assert.equal(setsCookies, false);
      }
      assert.deepEqual(await state(), old);
    });
  }

  for (const [what, attack] of Object.entries(PREFLIGHTED)) {
    test(`${what}, from ${who}, does not leave the browser`, async () => {
      const old = await state();
      const seen = await attacked(url, attack, LOGOUT, () => true);
      assert.deepEqual(seen.map(({ method }) => method), ["OPTIONS"]);
      assert.deepEqual(await state(), old);
    });
  }

  test(`nobody is signed in as somebody else by ${who}`, async () => {
    const query = await proof(`eve-${isSameSite}@example.com`);
    const old = await state();
    for (const what of ["a form that looks like JSON", "a fetch of text", "a beacon"]) {
      const escaped = what.includes("form") ? query.replaceAll('"', '\\"') : query;
      await attacked(url, ATTACKS[what], escaped, () => true);
      assert.deepEqual(await state(), old, what);
    }
    await attacked(url, PREFLIGHTED["a fetch of JSON with the header"], query, () => true);
    assert.deepEqual(await state(), old);
  });
}

test("the app itself refreshes, and does what none of them could", async () => {
  const old = await state();
  const { data } = await ask("mutation { refreshToken { tokens { accessToken } userErrors { code } } }");
  assert.deepEqual(data.refreshToken, { tokens: null, userErrors: [] });
  assert.notDeepEqual((await state()).cookies, old.cookies);
  assert.equal((await ask(LOGOUT)).data.logoutAll.revokedCount, 1);
  assert.deepEqual(await context.cookies(API), []);
  assert.equal((await ask("{ me { email } }")).data.me, null);
});
