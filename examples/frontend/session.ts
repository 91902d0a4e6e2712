// Of every client below: where the server is, how it is asked, and how cookies are renewed.

/** The server. Just `/graphql` where it is served under the page's own origin. */
export const endpoint = 'https://id.example.com/graphql'

/** Sends the cookies, and the header that no foreign page can send unasked. */
export const options = {
  credentials: 'include',
  headers: { 'GraphQL-Require-Preflight': '1' },
} as const

/** An entry of `errors`. */
export interface GraphQLProblem {
  message: string
  extensions?: { code?: string; reason?: string }
}

/** Whether a refresh would help. Any other reason means: sign in again. */
export const isExpired = (errors: readonly GraphQLProblem[] = []) =>
  errors.some(({ extensions }) => extensions?.reason === 'TOKEN_EXPIRED')

let refreshing: Promise<boolean> | undefined

/** Renews the cookies, once for all who ask meanwhile. False when the person must sign in again. */
export function refresh(): Promise<boolean> {
  refreshing ??= renew().finally(() => {
    refreshing = undefined
  })
  return refreshing
}

async function renew() {
  const query = /* GraphQL */ `
    mutation RefreshToken {
      refreshToken { session { id expiresAt } userErrors { code message } }
    }`
  const response = await fetch(endpoint, {
    ...options,
    method: 'POST',
    headers: { ...options.headers, 'Content-Type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  const { data } = await response.json()
  return Boolean(data?.refreshToken.session)
}
