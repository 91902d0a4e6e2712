import { delivery } from './server'

/** What one tab tells the others: that there are new tokens, or that the session is over. */
export type News =
  { kind: 'renewed'; accessToken: string | undefined } | { kind: 'over'; as: 'signed-out' | 'ended' }

const channel = new BroadcastChannel(`countersign.${delivery}`)

/** Tells the other tabs. */
export function tell(news: News) {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has one origin
  channel.postMessage(news)
}

/** Hears the other tabs. */
export function listen(hear: (news: News) => void) {
  channel.addEventListener('message', (event: MessageEvent<News>) => hear(event.data))
}

/** Does this while no other tab does: a refresh token works once. */
export function alone<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks.request(`countersign.${delivery}`, work)
}
