import { storage } from '../support/storage'
import { expect, test } from '../support/test'

test('only the refresh token is stored, and the access token is in memory', async ({ ada, context }) => {
  await ada.signsIn()
  const stored = await storage(ada.page)
  expect(stored).toMatch(/csr_/)
  expect(stored).not.toMatch(/eyJ/)
  expect(await context.cookies()).toEqual([])
})

test('the access token goes out as a Bearer token', async ({ ada, page }) => {
  await ada.signsIn()
  const asked = page.waitForRequest(/graphql/)
  await ada.asksTenAtOnce()
  expect(await (await asked).headerValue('authorization')).toMatch(/^Bearer eyJ/)
})
