import { expect, test } from '../support/test'

const MINUTE = 60

test.beforeEach(async ({ page }) => {
  await page.clock.install()
})

test('another code may be asked for after a minute', async ({ ada, backend, page }) => {
  await ada.open()
  await ada.asksForCode()
  await expect(ada.resend).toBeDisabled()
  await expect(page.getByRole('timer')).toHaveText(/^(1:00|0:5\d)$/)

  await page.clock.fastForward(30 * 1000)
  await expect(page.getByRole('timer')).toHaveText(/^0:[23]\d$/)

  await page.clock.fastForward(31 * 1000)
  backend.server.clock.advance(61)
  await ada.resend.click()
  await expect(page.getByRole('timer')).toBeVisible()
  await ada.types(await ada.receives(2))
  await expect(ada.signedIn).toBeVisible()
})

test('an expired code says so, and a new one signs in', async ({ ada, backend, page }) => {
  await ada.open()
  await ada.asksForCode()
  const code = await ada.receives()
  backend.server.clock.advance(11 * MINUTE)
  await page.clock.fastForward(11 * MINUTE * 1000)
  await ada.types(code)
  await expect(ada.problem).toContainText('no longer valid')
  await expect(ada.code).not.toBeEditable()

  await ada.resend.click()
  await expect(ada.code).toBeEditable()
  await ada.types(await ada.receives(2))
  await expect(ada.signedIn).toBeVisible()
})

test('who asks too soon sees how long to wait', async ({ ada, backend, page }) => {
  await ada.open()
  await ada.asksForCode()
  await ada.receives()
  await ada.clicks('Start over')
  await page.getByLabel('E-mail address').fill(ada.email)
  await ada.clicks('Send a code')
  const wait = page.getByRole('button', { name: /^Send a code in/ })
  await expect(wait).toBeDisabled()
  await expect(ada.problem).toContainText(/Try again in (60|5\d) seconds/)

  await page.clock.fastForward(MINUTE * 1000)
  backend.server.clock.advance(MINUTE)
  await ada.clicks('Send a code')
  await ada.types(await ada.receives(2))
  await expect(ada.signedIn).toBeVisible()
})

test('who has guessed ten times waits, whatever code they have', async ({ ada, backend, page }) => {
  await ada.open()
  await ada.asksForCode()
  for (const nth of [1, 2]) {
    for (let guess = 1; guess <= 5; guess += 1) {
      await ada.types(await ada.guesses(nth))
      await expect(ada.problem).not.toBeEmpty()
    }
    backend.server.clock.advance(MINUTE)
    await page.clock.fastForward(MINUTE * 1000)
    await ada.resend.click()
    await expect(ada.problem).toBeEmpty()
  }
  await ada.types(await ada.receives(3))
  await expect(ada.problem).toContainText(/Try again in \d+ (minutes|seconds)/)
})
