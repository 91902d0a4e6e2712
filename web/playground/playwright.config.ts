import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "e2e",
  // Each test has a server of its own; the machine has not.
  workers: 1,
  forbidOnly: Boolean(process.env["CI"]),
  reporter: "list",
  timeout: 120_000,
  expect: { timeout: 30_000 },
  use: {
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      // CI runs as root, where Chromium has no sandbox; it opens pages of ours only.
      chromiumSandbox: false,
    },
    viewport: { width: 1440, height: 810 },
  },
});
