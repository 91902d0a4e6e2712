import * as SecureStore from 'expo-secure-store'

const endpoint = 'https://id.example.com/graphql'
const KEY = 'countersign.refresh'
// Keychain and Keystore, on this device only: a backup restored elsewhere is not signed in.
const protection = { keychainAccessible: SecureStore.AFTER_FIRST_UNLOCK_THIS_DEVICE_ONLY }

const REFRESH_TOKEN = /* GraphQL */ `
  mutation RefreshToken($refreshToken: String!) {
    refreshToken(input: { refreshToken: $refreshToken }) {
      tokens { accessToken refreshToken }
      userErrors { code }
    }
  }`

interface Tokens {
  accessToken: string
  refreshToken: string
}

interface Answer {
  data?: any
  errors?: { message: string; extensions?: { code?: string; reason?: string } }[]
}

let accessToken: string | undefined

/** Keeps what `verifyOtp` or `refreshToken` gave: on disk first, since only the newest is good. */
export async function keep(tokens: Tokens) {
  await SecureStore.setItemAsync(KEY, tokens.refreshToken, protection)
  accessToken = tokens.accessToken
}

export async function forget() {
  accessToken = undefined
  await SecureStore.deleteItemAsync(KEY)
}

/** Runs an operation as whoever is signed in. */
export async function graphql(query: string, variables?: object): Promise<Answer> {
  if (!accessToken) await refresh()
  const answer = await send(query, variables)
  const expired = answer.errors?.some(({ extensions }) => extensions?.reason === 'TOKEN_EXPIRED')
  return expired && (await refresh()) ? send(query, variables) : answer
}

let refreshing: Promise<boolean> | undefined

/** Once for all who ask meanwhile. False when the person must sign in again. */
export function refresh() {
  refreshing ??= renew().finally(() => {
    refreshing = undefined
  })
  return refreshing
}

async function renew() {
  const refreshToken = await SecureStore.getItemAsync(KEY)
  if (!refreshToken) return false
  const { data } = await persist(() => send(REFRESH_TOKEN, { refreshToken }))
  // Only the server's own word ends a session here; a fault of the network does not.
  if (data?.refreshToken.userErrors[0]?.code === 'SESSION_EXPIRED') await forget()
  if (!data?.refreshToken.tokens) return false
  await keep(data.refreshToken.tokens)
  return true
}

// The answer may have been lost on its way, with the new token in it. The old one gets the same
// again within 30 seconds (`session.refresh_grace`), so four tries of five seconds end before that.
async function persist<T>(attempt: () => Promise<T>): Promise<T> {
  for (const pause of [1, 2, 4]) {
    try {
      return await attempt()
    } catch {
      await new Promise((resolve) => setTimeout(resolve, pause * 1000))
    }
  }
  return attempt()
}

async function send(query: string, variables?: object): Promise<Answer> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      ...(accessToken && { Authorization: `Bearer ${accessToken}` }),
    },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(5_000),
  })
  return response.json()
}
