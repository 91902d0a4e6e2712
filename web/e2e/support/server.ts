import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect } from '@playwright/test'
import { Clock } from './clock'
import { Mailbox } from './mailbox'
import { freePort } from './ports'

const BINARY = resolve(process.env['COUNTERSIGN_BIN'] ?? '../../target/debug/countersign')

/** The real server: a process with a database of its own, whose post is read and clock moved. */
export class Server {
  private constructor(
    readonly url: string,
    readonly clock: Clock,
    readonly mailbox: Mailbox,
    private readonly folder: string,
    private readonly process: ChildProcess,
  ) {}

  /** Starts one that pages at `origin` may call. */
  static async start(origin: string): Promise<Server> {
    if (!existsSync(BINARY))
      throw new Error(`${BINARY} is missing: cargo build, or name one in COUNTERSIGN_BIN`)
    const folder = mkdtempSync(join(tmpdir(), 'countersign-'))
    const port = await freePort()
    const clock = new Clock(join(folder, 'clock'))
    const mailbox = new Mailbox(join(folder, 'mail'))
    const config = join(folder, 'countersign.toml')
    writeFileSync(config, settings(folder, port, mailbox, origin))
    const log = openSync(join(folder, 'log'), 'w')
    const env = { PATH: process.env['PATH'], ...clock.environment() }
    const child = spawn(BINARY, ['--config', config], { env, stdio: ['ignore', log, log] })
    const server = new Server(`http://127.0.0.1:${port}`, clock, mailbox, folder, child)
    await server.ready()
    return server
  }

  /** Stops it, and leaves nothing behind. */
  async stop() {
    const exit = once(this.process, 'exit')
    this.process.kill('SIGKILL')
    await exit
    rmSync(this.folder, { recursive: true })
  }

  private async ready() {
    await expect(async () => {
      const answer = await fetch(`${this.url}/readyz`)
      expect(answer.ok, readFileSync(join(this.folder, 'log'), 'utf8')).toBe(true)
    }).toPass({ timeout: 30_000 })
  }
}

/** All people of a run have one network address, so its budgets are lifted; all else is as it is. */
function settings(folder: string, port: number, mailbox: Mailbox, origin: string): string {
  return `
http.port = ${port}
http.allowed_origins = ["${origin}"]
database.url = "sqlite://${join(folder, 'countersign.db')}?mode=rwc"
email.chain = ["maildir"]
sms.chain = ["maildir"]
maildir.directory = "${mailbox.folder}"
limits.address_codes_per_hour = 0
limits.address_codes_per_day = 0
limits.address_guesses_per_hour = 0
limits.address_accounts_per_day = 0
`
}
