import type { Browser } from '@playwright/test'
import { Person } from '../support/person'
import { expect, test } from '../support/test'
import { isAccount } from '../support/wire'

const MINUTE = 60

test('who signs out in one tab is signed out in the other', async ({ ada, context }) => {
  await ada.signsIn()
  const second = ada.at(await context.newPage())
  await second.open()
  await expect(second.signedIn).toBeVisible()

  await ada.clicks('Sign out here')
  await expect(ada.signIn).toBeVisible()
  await expect(second.signIn).toBeVisible()
  await second.page.reload()
  await expect(second.signIn).toBeVisible()
})

test('who signs in in one tab is signed in in the other', async ({ ada, context }) => {
  const second = ada.at(await context.newPage())
  await second.open()
  await ada.signsIn()
  await expect(second.signedIn).toBeVisible()
  await expect(second.page.getByText(ada.email)).toBeVisible()
})

test('nothing of who was here before is left for who comes next', async ({ ada, context, mode, backend }) => {
  const { page } = ada
  await ada.signsIn()
  await ada.clicks('Sign out here')
  await expect(ada.signIn).toBeVisible()
  expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0)
  expect(await context.cookies()).toEqual([])

  // What is seen while Bob's account is on its way could only be Ada's.
  await page.route('**/graphql*', (route) => (isAccount(route.request()) ? undefined : route.fallback()))
  const bob = new Person(page, mode, backend.server.mailbox)
  await bob.asksForCode()
  await bob.types(await bob.receives())
  await expect(page.getByText('One moment')).toBeVisible()
})

test('one session can be ended from another', async ({ ada, backend, browser }) => {
  const laptop = await elsewhere(ada, browser, backend.origin)
  await laptop.signsIn(1)
  backend.server.clock.advance(MINUTE)
  await ada.signsIn(2)
  await expect(ada.sessions).toHaveCount(2)

  const other = ada.sessions.filter({ hasNotText: 'this device' })
  await other.getByRole('button').click()
  await expect(ada.sessions).toHaveCount(1)
  await expect(ada.signedIn).toBeVisible()

  await laptop.asksTenAtOnce()
  await expect(laptop.signIn).toBeVisible()
  await expect(laptop.page.getByRole('status')).toContainText('session has ended')
  await laptop.page.context().close()
})

test('all sessions can be ended at once', async ({ ada, backend, browser }) => {
  const laptop = await elsewhere(ada, browser, backend.origin)
  await laptop.signsIn(1)
  backend.server.clock.advance(MINUTE)
  await ada.signsIn(2)

  await ada.clicks('Sign out everywhere')
  await expect(ada.signIn).toBeVisible()
  await laptop.page.reload()
  await expect(laptop.signIn).toBeVisible()
  await laptop.page.context().close()
})

/** The same person in a browser of its own. */
async function elsewhere(person: Person, browser: Browser, baseURL: string): Promise<Person> {
  const context = await browser.newContext({ baseURL })
  return person.at(await context.newPage())
}
