import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'

/** Where the server's `maildir` courier drops what it delivers. */
export class Mailbox {
  constructor(readonly folder: string) {}

  /** The `nth` code that was delivered to this address or number; waits for it. */
  async code(recipient: string, nth = 1): Promise<string> {
    await expect(() => expect(this.codes(recipient).length).toBeGreaterThanOrEqual(nth)).toPass()
    return this.codes(recipient)[nth - 1] ?? ''
  }

  private codes(recipient: string): string[] {
    const folder = join(this.folder, 'new')
    // Their names are in the order in which they were sent.
    const names = existsSync(folder) ? readdirSync(folder).toSorted() : []
    return names
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .filter((message) => message.includes(`To: ${recipient}\n`) || message.includes(`To: ${recipient}\r\n`))
      .flatMap((message) => /\b(\d{6}) is your/.exec(message)?.[1] ?? [])
  }
}
