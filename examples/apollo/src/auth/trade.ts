import { print } from 'graphql'
import { RefreshTokenDocument, type RefreshTokenMutation, type TokensFragment } from '../gql/graphql'
import { endpoint, fetchOptions } from './server'

/** What became of a refresh token: the next pair (null in cookie mode), or nothing any more. */
export type Traded = { refused: true } | { refused: false; tokens: TokensFragment | null }

/**
 * Trades a refresh token, or the browser's cookie, for the next pair. Past the GraphQL client on
 * purpose: what the client sends waits for this. No answer is no refusal, and throws.
 */
export async function trade(refreshToken: string | undefined): Promise<Traded> {
  const response = await fetch(endpoint, {
    ...fetchOptions,
    method: 'POST',
    headers: { ...fetchOptions.headers, 'content-type': 'application/json' },
    body: JSON.stringify({
      query: print(RefreshTokenDocument),
      variables: { input: refreshToken === undefined ? null : { refreshToken } },
    }),
  })
  const { data }: { data?: RefreshTokenMutation | null } = await response.json()
  if (!data) throw new Error('The tokens could not be refreshed.')
  const { tokens, userErrors } = data.refreshToken
  return userErrors.length > 0 ? { refused: true } : { refused: false, tokens }
}
