import type { TokensFragment } from '../gql/graphql'
import { alone, listen, tell } from './tabs'
import * as tokens from './tokens'
import { trade } from './trade'

/** Whether somebody is signed in; `ended` when they were, and did not sign out themselves. */
export type Status = 'signed-in' | 'signed-out' | 'ended'

let status: Status = tokens.held() ? 'signed-in' : 'signed-out'
let version = 0
const watchers = new Set<() => void>()

/** Changes with every new pair of tokens, in whichever tab. A request notes what it went out with. */
export const currentVersion = () => version

/** Whether somebody is signed in. */
export const currentStatus = () => status

/** Calls back whenever the status changes. */
export function watch(watcher: () => void) {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

/** Somebody has signed in, with these tokens (null in cookie mode). */
export function begin(pair: TokensFragment | null) {
  tokens.keep(pair)
  tell({ kind: 'renewed', accessToken: tokens.access() })
  renew()
}

/** Nobody is signed in any more, in no tab. */
export function end(as: 'signed-out' | 'ended') {
  tokens.drop()
  tell({ kind: 'over', as })
  change(as)
}

/**
 * Gets new tokens for a request that was refused with those of version `seen`; false when there
 * are none to be had, and the person must sign in again.
 *
 * One at a time, over all tabs. Whoever comes second finds a newer version and is done: ten
 * requests that are refused together refresh once.
 */
export function refresh(seen: number): Promise<boolean> {
  return alone(async () => {
    if (status !== 'signed-in') return false
    if (version !== seen) return true
    const traded = await trade(tokens.refreshToken())
    // Signed out in the meantime, by another tab: what was got is of a session that is over.
    if (currentStatus() !== 'signed-in') return false
    if (traded.refused) end('ended')
    else begin(traded.tokens)
    return !traded.refused
  })
}

listen((news) => {
  if (news.kind === 'over') {
    tokens.drop()
    change(news.as)
  } else {
    tokens.share(news.accessToken)
    renew()
  }
})

function renew() {
  version += 1
  change('signed-in')
}

function change(to: Status) {
  status = to
  for (const watcher of watchers) watcher()
}
