import { authExchange, type AuthConfig } from '@urql/exchange-auth'
import { cacheExchange, Client, fetchExchange, makeOperation } from 'urql'
import { endpoint, fetchOptions } from './auth/server'
import * as session from './auth/session'
import * as tokens from './auth/tokens'

declare module 'urql' {
  interface OperationContext {
    /** Of the tokens that a request goes out with. */
    version?: number
  }
}

/** Adds the access token, once there is one; refreshes when it is refused, and asks again, once. */
const authorize = authExchange(async (utils): Promise<AuthConfig> => {
  let seen = session.currentVersion()
  return {
    willAuthError: () => tokens.lacking(),
    addAuthToOperation(operation) {
      const { kind, context } = utils.appendHeaders(operation, tokens.authorization())
      return makeOperation(kind, operation, { ...context, version: session.currentVersion() })
    },
    didAuthError({ graphQLErrors }, { context }) {
      const refused = graphQLErrors.some(({ extensions }) => extensions['code'] === 'UNAUTHENTICATED')
      if (refused) seen = context.version ?? session.currentVersion()
      return refused
    },
    async refreshAuth() {
      if (!(await session.refresh(seen))) throw new Error('Nobody is signed in any more.')
    },
  }
})

/** A client with nothing in its cache. */
export function createClient() {
  return new Client({ url: endpoint, fetchOptions, exchanges: [cacheExchange, authorize, fetchExchange] })
}
