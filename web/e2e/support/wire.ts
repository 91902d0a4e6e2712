import type { BrowserContext, Request } from '@playwright/test'

/** What a browser says to the server, in all of its tabs. */
export class Wire {
  /** How many times tokens were refreshed. */
  refreshes = 0
  /** The most refreshes that were on their way at one moment. */
  refreshesAtOnce = 0
  /** How many requests were refused because their access token had expired. */
  expired = 0
  private underWay = 0
  private readonly readings: Promise<void>[] = []

  constructor(context: BrowserContext) {
    context.on('request', (request) => {
      if (!isRefresh(request)) return
      this.refreshes += 1
      this.underWay += 1
      this.refreshesAtOnce = Math.max(this.refreshesAtOnce, this.underWay)
    })
    context.on('requestfailed', (request) => {
      if (isRefresh(request)) this.underWay -= 1
    })
    context.on('requestfinished', (request) => {
      if (isRefresh(request)) this.underWay -= 1
      if (request.url().includes('/graphql')) this.readings.push(this.read(request))
    })
  }

  /** Until all that was answered has been read. */
  async settle() {
    await Promise.allSettled(this.readings)
  }

  private async read(request: Request) {
    const response = await request.response()
    if ((await response?.text())?.includes('"TOKEN_EXPIRED"')) this.expired += 1
  }
}

/** Whether this asks for new tokens. */
export function isRefresh(request: Request): boolean {
  return asks(request, 'mutation RefreshToken')
}

/** Whether this asks for who is signed in, and where. */
export function isAccount(request: Request): boolean {
  return asks(request, 'query Account')
}

/** In the body, or in the address: urql sends queries by GET. */
function asks(request: Request, operation: string): boolean {
  return `${request.postData()} ${new URL(request.url()).searchParams.get('query')}`.includes(operation)
}
