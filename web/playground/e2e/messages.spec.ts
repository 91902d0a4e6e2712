import { expect, test } from "@playwright/test";

import { Playground } from "./playground";
import { Server } from "./server";

test("a server without a console courier has no link to codes", async ({ page }) => {
  const server = await Server.start({ EMAIL__CHAIN: "none", SMS__CHAIN: "none", WHATSAPP__CHAIN: "none" });
  try {
    const playground = await Playground.open(page, server.url);
    await playground.expectStanding("Not signed in");
    await expect(page.getByText("Last code")).toHaveCount(0);
    expect(playground.misdeeds).toEqual([]);
  } finally {
    await server.stop();
  }
});
