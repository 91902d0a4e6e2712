import { expect, test } from '../support/test'

test('a code by e-mail signs in', async ({ ada }) => {
  await ada.open()
  await ada.asksForCode()
  await ada.types(await ada.receives())
  await expect(ada.signedIn).toBeFocused()
  await expect(ada.page.getByText(ada.email)).toBeVisible()
  await expect(ada.sessions).toHaveCount(1)
  await expect(ada.sessions).toContainText('this device')
})

test('a code by text message signs in', async ({ ada, backend }) => {
  const number = `+447400${String(Math.floor(Math.random() * 1e6)).padStart(6, '0')}`
  await ada.open()
  await ada.page.getByText('Phone', { exact: true }).click()
  await ada.page.getByLabel('Phone number').fill(number)
  await ada.clicks('Send a code')
  await ada.types(await backend.server.mailbox.code(number))
  await expect(ada.signedIn).toBeVisible()
  await expect(ada.page.getByText(number)).toBeVisible()
})

test('a pasted code is taken, whatever is between its digits', async ({ ada, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await ada.open()
  await ada.asksForCode()
  const code = await ada.receives()
  await ada.page.evaluate(
    (text) => navigator.clipboard.writeText(text),
    ` ${code.slice(0, 3)}-${code.slice(3)} `,
  )
  await ada.code.press('ControlOrMeta+v')
  await expect(ada.signedIn).toBeVisible()
})

test('the code may be filled in by the browser', async ({ ada }) => {
  await ada.open()
  await ada.asksForCode()
  await expect(ada.code).toHaveAttribute('autocomplete', 'one-time-code')
  await expect(ada.code).toHaveAttribute('inputmode', 'numeric')
  await ada.code.fill(await ada.receives())
  await expect(ada.signedIn).toBeVisible()
})

test('the keyboard is enough', async ({ ada }) => {
  await ada.open()
  await ada.page.keyboard.press('Tab')
  await ada.page.keyboard.press('Tab')
  await ada.page.keyboard.type(ada.email)
  await ada.page.keyboard.press('Enter')
  await expect(ada.code).toBeFocused()
  await ada.page.keyboard.type(await ada.receives())
  await expect(ada.signedIn).toBeVisible()
})

test('a typo is told beside its input', async ({ ada }) => {
  await ada.open()
  await ada.page.getByLabel('E-mail address').fill('ada@')
  await ada.clicks('Send a code')
  await expect(ada.problem).not.toBeEmpty()
  await expect(ada.page.getByLabel('E-mail address')).toHaveAttribute('aria-invalid', 'true')
  await expect(ada.signIn).toBeVisible()
})

test('a wrong code leaves attempts, and the right one still works', async ({ ada }) => {
  await ada.open()
  await ada.asksForCode()
  await ada.types(await ada.guesses())
  await expect(ada.problem).toContainText('4 attempts left')
  await expect(ada.code).toBeEmpty()
  await expect(ada.code).toBeFocused()
  await ada.types(await ada.receives())
  await expect(ada.signedIn).toBeVisible()
})

test('five wrong codes use a code up', async ({ ada }) => {
  await ada.open()
  await ada.asksForCode()
  const wrong = await ada.guesses()
  for (const left of ['4 attempts left', '3 attempts left', '2 attempts left', 'One attempt left']) {
    await ada.types(wrong)
    await expect(ada.problem).toContainText(left)
  }
  await ada.types(wrong)
  await expect(ada.code).not.toBeEditable()
  await expect(ada.problem).toContainText(/too many/i)
})

test('a server that does not answer is no wrong code', async ({ ada }) => {
  await ada.open()
  await ada.asksForCode()
  await ada.page.route('**/graphql', (route) => route.abort(), { times: 1 })
  await ada.types(await ada.receives())
  await expect(ada.problem).toContainText('did not answer')
  await ada.types(await ada.receives())
  await expect(ada.signedIn).toBeVisible()
})
