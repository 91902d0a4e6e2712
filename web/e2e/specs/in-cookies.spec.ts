import { storage } from '../support/storage'
import { expect, test } from '../support/test'

test('no script gets to see a token', async ({ ada, context, page }) => {
  const answers: Promise<string>[] = []
  page.on('response', (response) => {
    if (response.url().includes('/graphql')) answers.push(response.text())
  })
  await ada.signsIn()
  expect((await Promise.all(answers)).join('\n')).not.toMatch(/csr_|eyJ/)
  expect(await storage(page)).not.toMatch(/csr_|eyJ/)
  expect(await page.evaluate(() => document.cookie)).toBe('')
  const cookies = await context.cookies()
  expect(cookies.map((cookie) => [cookie.httpOnly, cookie.sameSite])).toEqual([
    [true, 'Lax'],
    [true, 'Lax'],
  ])
})

test('who has lost the cookie of the access token gets a new one', async ({ ada, context, wire }) => {
  await ada.signsIn()
  await context.clearCookies({ name: /access/ })
  await ada.asksTenAtOnce()
  await ada.seesTenAnswers()
  expect(wire.refreshes).toBe(1)
})

test('who has lost both cookies signs in again', async ({ ada, context }) => {
  await ada.signsIn()
  await context.clearCookies()
  await ada.page.reload()
  await expect(ada.signIn).toBeVisible()
  await expect(ada.page.getByRole('status')).toContainText('session has ended')
})
