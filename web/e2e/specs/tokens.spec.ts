import type { Route } from '@playwright/test'
import { isRefresh } from '../support/wire'
import { expect, test } from '../support/test'

const MINUTE = 60
const DAY = 24 * 60 * MINUTE

const FAULT = {
  data: null,
  errors: [{ message: 'Something went wrong.', extensions: { code: 'INTERNAL_SERVER_ERROR' } }],
}

test('ten queries with an expired access token refresh it once', async ({ ada, backend, wire }) => {
  await ada.signsIn()
  backend.server.clock.advance(16 * MINUTE)
  await ada.asksTenAtOnce()
  await ada.seesTenAnswers()
  expect(wire.refreshes).toBe(1)
  await expect.poll(() => wire.expired).toBe(10)
})

test('a refusal that comes late finds the new token, and refreshes nothing', async ({
  ada,
  backend,
  page,
  wire,
}) => {
  await ada.signsIn()
  backend.server.clock.advance(16 * MINUTE)
  const answered = page.waitForResponse(async (response) => (await response.text()).includes('"nodes"'))
  let held = false
  await page.route('**/graphql*', async (route) => {
    if (held) return route.fallback()
    held = true
    const refusal = await route.fetch()
    await answered
    return route.fulfill({ response: refusal })
  })
  await ada.asksTenAtOnce()
  await ada.seesTenAnswers()
  expect(wire.refreshes).toBe(1)
})

test('tokens that are good are not refreshed', async ({ ada, wire }) => {
  await ada.signsIn()
  await ada.asksTenAtOnce()
  await ada.seesTenAnswers()
  expect(wire.refreshes).toBe(0)
})

test('two tabs that refresh at once both go on, for as long as they like', async ({
  ada,
  backend,
  context,
  wire,
}) => {
  await ada.signsIn()
  const second = ada.at(await context.newPage())
  await second.open()
  await expect(second.signedIn).toBeVisible()

  for (let hour = 1; hour <= 3; hour += 1) {
    const before = wire.refreshes
    backend.server.clock.advance(60 * MINUTE)
    await Promise.all([ada.asksTenAtOnce(), second.asksTenAtOnce()])
    await Promise.all([ada.seesTenAnswers(), second.seesTenAnswers()])
    // One, unless its news came to the other tab later than its turn.
    expect(wire.refreshes - before).toBeGreaterThanOrEqual(1)
    expect(wire.refreshes - before).toBeLessThanOrEqual(2)
  }
  expect(wire.refreshesAtOnce).toBe(1)
})

test('a page that is loaded again is still signed in', async ({ ada }) => {
  await ada.signsIn()
  await ada.page.reload()
  await expect(ada.signedIn).toBeVisible()
  await expect(ada.page.getByText(ada.email)).toBeVisible()
})

test('a session that was left alone for too long leads back to the sign-in', async ({ ada, backend }) => {
  await ada.signsIn()
  backend.server.clock.advance(8 * DAY)
  await ada.asksTenAtOnce()
  await expect(ada.signIn).toBeVisible()
  await expect(ada.page.getByRole('status')).toContainText('session has ended')
  await ada.page.reload()
  await expect(ada.signIn).toBeVisible()
})

const failures: [string, (route: Route) => Promise<void>][] = [
  ['that nobody answers', (route) => route.abort()],
  ['on which the server has a fault', (route) => route.fulfill({ json: FAULT })],
]

for (const [name, fail] of failures) {
  test(`a refresh ${name} is no refusal`, async ({ ada, backend, page }) => {
    await ada.signsIn()
    backend.server.clock.advance(16 * MINUTE)
    await page.route('**/graphql', (route) => (isRefresh(route.request()) ? fail(route) : route.fallback()))
    await ada.asksTenAtOnce()
    await expect(page.getByText('0 of 10 answered.')).toBeVisible()
    await expect(ada.signedIn).toBeVisible()

    await page.unroute('**/graphql')
    await ada.asksTenAtOnce()
    await ada.seesTenAnswers()
  })
}
