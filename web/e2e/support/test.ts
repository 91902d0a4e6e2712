import { test as base } from '@playwright/test'
import { Person } from './person'
import { freePort } from './ports'
import { Server } from './server'
import { serveApart, serveTogether } from './site'
import { Wire } from './wire'

/** Which app a project drives, and who keeps its tokens. */
export interface Options {
  app: 'apollo' | 'urql'
  mode: 'body' | 'cookie'
  /** Whether the server has another origin than the page. */
  apart: boolean
}

interface Fixtures {
  ada: Person
  wire: Wire
}

interface WorkerFixtures extends Options {
  backend: { server: Server; origin: string }
}

/** A server and a site for each worker, a browser and a person for each test. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  app: ['apollo', { option: true, scope: 'worker' }],
  mode: ['body', { option: true, scope: 'worker' }],
  apart: [false, { option: true, scope: 'worker' }],
  backend: [
    async ({ app, apart }, use) => {
      const port = await freePort()
      const origin = `http://127.0.0.1:${port}`
      const server = await Server.start(origin)
      const site = await (apart ? serveApart : serveTogether)(app, port, server.url)
      await use({ server, origin })
      await site.stop()
      await server.stop()
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ backend }, use) => use(backend.origin),
  wire: async ({ context }, use) => {
    const wire = new Wire(context)
    await use(wire)
    await wire.settle()
  },
  ada: async ({ page, mode, backend }, use) => use(new Person(page, mode, backend.server.mailbox)),
})

export { expect } from '@playwright/test'
