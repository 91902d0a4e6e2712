import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from '../support/test'

const WEEKS = 14 * 24 * 60 * 60

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    // Without motion, or a button could be judged by a colour on its way to another.
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } })

    test('no state of the sign-in has a barrier', async ({ ada, page }) => {
      await ada.open()
      await expectNoBarrier(page)

      await ada.clicks('Send a code')
      await expect(ada.problem).not.toBeEmpty()
      await expectNoBarrier(page)

      await ada.asksForCode()
      await expectNoBarrier(page)

      const wrong = await ada.guesses()
      for (let attempt = 1; attempt <= 5; attempt += 1) {
        await ada.types(wrong)
        await expect(ada.problem).not.toBeEmpty()
        // The first is a wrong code, the last has used it up.
        if (attempt === 1 || attempt === 5) await expectNoBarrier(page)
      }
    })

    test('no state of the signed-in page has a barrier', async ({ ada, backend, page }) => {
      await ada.signsIn()
      await expectNoBarrier(page)

      await page.route('**/graphql*', (route) => route.abort())
      await page.reload()
      await expect(ada.problem).not.toBeEmpty()
      await expectNoBarrier(page)
      await page.unroute('**/graphql*')

      backend.server.clock.advance(WEEKS)
      await ada.clicks('Try again')
      await expect(ada.signIn).toBeVisible()
      await expectNoBarrier(page)
    })
  })
}

async function expectNoBarrier(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([])
}
