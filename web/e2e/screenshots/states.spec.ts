import { resolve } from 'node:path'
import type { Page } from '@playwright/test'
import { Person } from '../support/person'
import { expect, test } from '../support/test'

const FOLDER = resolve('../../docs/images/examples')
const MINUTE = 60
const WEEKS = 14 * 24 * 60 * MINUTE

test.use({
  viewport: { width: 480, height: 520 },
  contextOptions: { reducedMotion: 'reduce' },
  locale: 'en-GB',
})

test('every state that a person sees', async ({ page, mode, backend }) => {
  const { clock, mailbox } = backend.server
  const ada = new Person(page, mode, mailbox, 'ada@example.com')
  // On a laptop too, so that there is a session to end.
  await ada.signsIn()
  await page.context().clearCookies()
  await page.evaluate(() => localStorage.clear())
  clock.advance(90 * MINUTE)

  await ada.open()
  await picture(page, 'contact')

  await ada.clicks('Send a code')
  await expect(ada.problem).not.toBeEmpty()
  await picture(page, 'contact.problem')

  await ada.asksForCode()
  const code = await ada.receives(2)
  await ada.types(code.slice(0, 3))
  await picture(page, 'code')
  await ada.code.fill('')

  const wrong = code.replaceAll(/./g, (digit) => String((Number(digit) + 1) % 10))
  await ada.types(wrong)
  await expect(ada.problem).toContainText('attempts left')
  await picture(page, 'code.wrong')

  clock.advance(11 * MINUTE)
  await ada.types(code)
  await expect(ada.problem).toContainText('no longer valid')
  await picture(page, 'code.expired')

  await ada.signsIn(3)
  await picture(page, 'account')
  await page.emulateMedia({ colorScheme: 'dark' })
  await picture(page, 'account.dark')

  clock.advance(WEEKS)
  await ada.asksTenAtOnce()
  await expect(ada.signIn).toBeVisible()
  await picture(page, 'ended.dark')
})

async function picture(page: Page, name: string) {
  // Nothing under the pointer: it would be drawn as if it were about to be pressed.
  await page.mouse.move(0, 0)
  await page.screenshot({ path: `${FOLDER}/${name}.png`, fullPage: true, caret: 'hide' })
}
