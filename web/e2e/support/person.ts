import { randomUUID } from 'node:crypto'
import { expect, type Locator, type Page } from '@playwright/test'
import type { Mailbox } from './mailbox'

/** Somebody with an e-mail address that nobody has used yet, at one tab of a browser. */
export class Person {
  readonly signIn: Locator
  readonly enterCode: Locator
  readonly signedIn: Locator
  readonly code: Locator
  readonly problem: Locator
  readonly resend: Locator
  readonly sessions: Locator

  constructor(
    readonly page: Page,
    private readonly mode: string,
    private readonly mailbox: Mailbox,
    readonly email = `${randomUUID()}@example.com`,
  ) {
    this.signIn = page.getByRole('heading', { name: 'Sign in', exact: true })
    this.enterCode = page.getByRole('heading', { name: 'Enter the code' })
    this.signedIn = page.getByRole('heading', { name: 'Signed in', exact: true })
    this.code = page.getByLabel('6-digit code')
    this.problem = page.getByRole('alert')
    this.resend = page.getByRole('button', { name: 'Send a new code' })
    this.sessions = page.getByRole('listitem')
  }

  /** The same person at another tab or browser. */
  at(page: Page) {
    return new Person(page, this.mode, this.mailbox, this.email)
  }

  async open() {
    await this.page.goto(`/?mode=${this.mode}`)
  }

  async asksForCode() {
    await this.page.getByLabel('E-mail address').fill(this.email)
    await this.page.getByRole('button', { name: 'Send a code' }).click()
    await expect(this.enterCode).toBeVisible()
  }

  /** The `nth` code that was sent to them. */
  async receives(nth = 1) {
    return this.mailbox.code(this.email, nth)
  }

  /** A code that is not the `nth` one they received. */
  async guesses(nth = 1) {
    const code = await this.receives(nth)
    return code.replace(/\d/, (digit) => String((Number(digit) + 1) % 10))
  }

  async types(code: string) {
    await this.code.pressSequentially(code)
  }

  /** All of it: from the first page to the last. `nth`: how many codes they will have got by then. */
  async signsIn(nth = 1) {
    await this.open()
    await this.asksForCode()
    await this.types(await this.receives(nth))
    await expect(this.signedIn).toBeVisible()
  }

  async asksTenAtOnce() {
    await this.page.getByRole('button', { name: 'Ask ten queries at once' }).click()
  }

  async seesTenAnswers() {
    await expect(this.page.getByText('10 of 10 answered.')).toBeVisible()
  }

  async clicks(name: string) {
    await this.page.getByRole('button', { name, exact: true }).click()
  }
}
