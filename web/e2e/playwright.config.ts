import { defineConfig, devices } from '@playwright/test'
import type { Options } from './support/test'

const apps = ['apollo', 'urql'] as const
const modes = ['body', 'cookie'] as const

/** What only the other mode has; and where tokens are is not to be seen, so one look will do. */
const elsewhere = {
  body: ['in-cookies.spec.ts'],
  cookie: ['in-the-page.spec.ts', 'accessibility.spec.ts'],
}

/** The same specs for each client and each way to keep tokens, in Debian's own Chromium. */
export default defineConfig<object, Options>({
  testDir: 'specs',
  // Far more than any takes, for machines that do something else besides.
  timeout: 90_000,
  expect: { timeout: 15_000 },
  outputDir: 'results',
  forbidOnly: true,
  fullyParallel: true,
  workers: 2,
  reporter: 'list',
  use: {
    ...devices['Desktop Chrome'],
    // Another version's name would be told to the server as this device's.
    userAgent: undefined,
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      // Root, as which containers run, may not use it.
      chromiumSandbox: process.getuid?.() !== 0,
    },
  },
  projects: apps.flatMap((app) =>
    modes.flatMap((mode) => [
      { name: `${app}-${mode}`, use: { app, mode }, testIgnore: elsewhere[mode] },
      // Most is the same then: what goes through CORS, once each way.
      { name: `${app}-${mode}-apart`, use: { app, mode, apart: true }, grep: /by e-mail|ten queries/ },
    ]),
  ),
})
