import { storage } from '../support/storage'
import { expect, test } from '../support/test'
import { isRefresh } from '../support/wire'

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

test('who signs out while another tab refreshes stays signed out', async ({ ada, context }) => {
  await ada.signsIn()
  const second = ada.at(await context.newPage())
  // A page that was just opened has no access token. It gets one, but hears of it too late.
  const refreshing = second.page.waitForRequest(isRefresh)
  await second.page.route('**/graphql', async (route) => {
    if (!isRefresh(route.request())) return route.fallback()
    const response = await route.fetch()
    await ada.signIn.waitFor()
    return route.fulfill({ response })
  })
  const heard = second.page.waitForResponse((response) => isRefresh(response.request()))
  await second.open()
  await refreshing

  await ada.clicks('Sign out here')
  await heard
  await expect(second.signIn).toBeVisible()
  await expect(ada.page.getByRole('status')).toHaveCount(0)
  expect(await storage(second.page)).not.toMatch(/csr_/)
})
