import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The server's clock, moved by libfaketime: what has expired is what the server itself says so of. */
export class Clock {
  private offset = 0

  constructor(private readonly file: string) {
    this.advance(0)
  }

  /** What the server's environment needs. Its timers stay as they are: only what it reads moves. */
  environment(): Record<string, string> {
    return {
      LD_PRELOAD: library(),
      FAKETIME_TIMESTAMP_FILE: this.file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    }
  }

  /** So much later, at once. */
  advance(seconds: number) {
    this.offset += seconds
    // In one step: the server may read at any moment.
    writeFileSync(`${this.file}.new`, `+${this.offset}\n`)
    renameSync(`${this.file}.new`, this.file)
  }
}

function library(): string {
  const found = readdirSync('/usr/lib')
    .map((folder) => join('/usr/lib', folder, 'faketime/libfaketimeMT.so.1'))
    .find((path) => existsSync(path))
  if (!found) throw new Error('libfaketime is missing: apt-get install faketime')
  return found
}
