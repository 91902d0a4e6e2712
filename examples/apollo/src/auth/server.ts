import type { TokenDelivery } from '../gql/graphql'

/** Where to ask: at this page's own origin, unless the build names another. */
export const endpoint = `${import.meta.env.VITE_COUNTERSIGN_URL ?? ''}/graphql`

/**
 * Who keeps the tokens: this page (`BODY`), or the browser, in cookies that no script can read
 * (`COOKIE`). An app of yours has one of the two; here `?mode=` chooses, so that you can try both.
 */
export const delivery: TokenDelivery =
  (new URLSearchParams(location.search).get('mode') ?? import.meta.env.VITE_TOKEN_DELIVERY) === 'cookie'
    ? 'COOKIE'
    : 'BODY'

/** What every request needs, whoever sends it. */
export const fetchOptions = {
  credentials: delivery === 'COOKIE' ? 'include' : 'omit',
  // No page of another site can add a header without being asked first. Cookie mode insists on it.
  headers: { 'graphql-require-preflight': 'true' },
} as const satisfies RequestInit
