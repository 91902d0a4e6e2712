import type { Page } from '@playwright/test'

/** All that scripts of this page have stored. */
export async function storage(page: Page): Promise<string> {
  return page.evaluate(() => JSON.stringify([localStorage, sessionStorage]))
}
