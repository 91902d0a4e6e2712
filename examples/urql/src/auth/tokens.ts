import type { TokensFragment } from '../gql/graphql'
import { delivery } from './server'

/** In the storage of this origin: the refresh token, or that the browser has one in a cookie. */
const KEY = `countersign.${delivery}`
const IN_A_COOKIE = 'in a cookie'

/** In memory only: it is gone with the tab, and in no storage that could be read out. */
let accessToken: string | undefined

/** Keeps a pair that has just been got; null in cookie mode, where the browser keeps it. */
export function keep(pair: TokensFragment | null) {
  // The refresh token first: it must not be lost once the old one is spent.
  localStorage.setItem(KEY, pair?.refreshToken ?? IN_A_COOKIE)
  accessToken = pair?.accessToken
}

/** Takes over the access token that another tab got. */
export function share(token: string | undefined) {
  accessToken = token
}

/** Keeps nothing any more. */
export function drop() {
  localStorage.removeItem(KEY)
  accessToken = undefined
}

/** Whether somebody is signed in, as far as this browser knows. */
export function held(): boolean {
  return localStorage.getItem(KEY) !== null
}

/** The access token, for this tab to tell the others. */
export function access(): string | undefined {
  return accessToken
}

/** Read anew each time: another tab may have traded it for the next. */
export function refreshToken(): string | undefined {
  return delivery === 'COOKIE' ? undefined : (localStorage.getItem(KEY) ?? undefined)
}

/** Whether a request would lack what it needs: a page that was just loaded has no access token. */
export function lacking(): boolean {
  return delivery === 'BODY' && held() && accessToken === undefined
}

/** What says who is calling. In cookie mode the browser adds it by itself. */
export function authorization(): Record<string, string> {
  return accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }
}
