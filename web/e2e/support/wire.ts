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

  constructor(context: BrowserContext) {
    context.on('request', (request) => {
      if (!isRefresh(request)) return
      this.refreshes += 1
      this.underWay += 1
      this.refreshesAtOnce = Math.max(this.refreshesAtOnce, this.underWay)
    })
    context.on('requestfinished', (request) => void this.finished(request))
    context.on('requestfailed', (request) => {
      if (isRefresh(request)) this.underWay -= 1
    })
  }

  private async finished(request: Request) {
    if (isRefresh(request)) this.underWay -= 1
    if (!request.url().includes('/graphql')) return
    const response = await request.response()
    if ((await response?.text())?.includes('"TOKEN_EXPIRED"')) this.expired += 1
  }
}

/** Whether this asks for new tokens. */
export function isRefresh(request: Request): boolean {
  return request.postData()?.includes('mutation RefreshToken') ?? false
}
