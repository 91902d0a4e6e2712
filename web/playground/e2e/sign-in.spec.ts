import { expect, test } from "@playwright/test";

import { Playground } from "./playground";
import { Server } from "./server";

/** Where to put the picture for the documentation, if one is to be taken. */
const PICTURE = process.env["PICTURE"];

let server: Server;
test.beforeEach(async () => {
  server = await Server.start();
});
test.afterEach(() => server.stop());

test("the schema is there to look at", async ({ page }) => {
  const playground = await Playground.open(page, server.url);
  await page.getByRole("button", { name: "Show Documentation Explorer" }).click();
  await page.getByRole("link", { name: "Mutation", exact: true }).click();
  await expect(page.getByText("Sends a one-time code")).toBeVisible();
  expect(playground.misdeeds).toEqual([]);
});

test("the tabs lead through the login, and no other host is asked", async ({ page }) => {
  const playground = await Playground.open(page, server.url);
  await playground.expectStanding("Not signed in");

  const { requestOtp } = await playground.run();
  const { challengeToken } = requestOtp.challenge;
  const code = await playground.fillInLastCode();

  await playground.tab("VerifyOtp");
  const recipient = { email: "ada@example.com" };
  const input = { recipient, challengeToken, code, delivery: "BODY" };
  await playground.expect("variables", { input });
  const { verifyOtp } = await playground.run();
  expect(verifyOtp.user.email).toBe("ada@example.com");
  await playground.expectStanding("Signed in as ada@example.com");

  await playground.tab("Me");
  const { accessToken, refreshToken } = verifyOtp.tokens;
  await playground.expect("request-headers", { Authorization: `Bearer ${accessToken}` });
  expect((await playground.run()).me.email).toBe("ada@example.com");
  if (PICTURE) {
    await page.getByRole("button", { name: "Headers" }).click();
    await page.screenshot({ path: PICTURE });
  }

  await playground.tab("RefreshToken");
  await playground.expect("variables", { input: { refreshToken } });
  const { tokens } = (await playground.run()).refreshToken;
  expect(tokens.refreshToken).not.toBe(refreshToken);
  // To run it again must not look like theft.
  await playground.expect("variables", { input: { refreshToken: tokens.refreshToken } });

  await playground.tab("Logout");
  await playground.expect("request-headers", { Authorization: `Bearer ${tokens.accessToken}` });
  expect((await playground.run()).logout.userErrors).toEqual([]);
  await playground.expectStanding("Not signed in");

  await playground.tab("Me");
  await playground.expect("request-headers", { Authorization: "" });
  expect((await playground.run()).me).toBeNull();
  expect(playground.misdeeds).toEqual([]);
});

test("in cookie mode no script sees a token", async ({ page }) => {
  const playground = await Playground.open(page, server.url);
  await page.getByText("Cookies", { exact: true }).click();

  await playground.run();
  const code = await playground.fillInLastCode();
  await playground.tab("VerifyOtp");
  await playground.expect("variables", { input: { code, delivery: "COOKIE" } });
  const { verifyOtp } = await playground.run();
  expect(verifyOtp.user.email).toBe("ada@example.com");
  expect(verifyOtp.tokens).toBeNull();
  expect(await page.evaluate(() => document.cookie)).toBe("");

  await playground.tab("Me");
  await playground.expect("request-headers", { Authorization: "" });
  expect((await playground.run()).me.email).toBe("ada@example.com");
  expect(await playground.asked?.headerValue("authorization")).toBeNull();
  expect(await playground.asked?.headerValue("graphql-require-preflight")).toBe("true");

  await playground.tab("RefreshToken");
  expect(await playground.text("variables")).not.toContain("refreshToken");
  expect((await playground.run()).refreshToken.userErrors).toEqual([]);

  await playground.tab("Logout");
  expect((await playground.run()).logout.userErrors).toEqual([]);
  await playground.expectStanding("Not signed in");
  await playground.tab("Me");
  expect((await playground.run()).me).toBeNull();
  expect(playground.misdeeds).toEqual([]);
});

test("no token outlives the page", async ({ page }) => {
  const playground = await Playground.open(page, server.url);
  await playground.run();
  await playground.fillInLastCode();
  await playground.tab("VerifyOtp");
  await playground.run();
  await playground.tab("RefreshToken");
  await playground.expectStanding("Signed in as ada@example.com");
  // GraphiQL writes half a second after the last change.
  await page.waitForTimeout(1_000);
  const kept = await page.evaluate(() => Object.keys({ ...localStorage, ...sessionStorage }));
  expect(kept.filter((key) => !/^graphiql:(theme|visiblePlugin|\w+Flex)$/.test(key))).toEqual([]);
});
