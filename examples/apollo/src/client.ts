import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache } from '@apollo/client'
import { SetContextLink } from '@apollo/client/link/context'
import { ErrorLink } from '@apollo/client/link/error'
import { from, of, switchMap } from 'rxjs'
import { endpoint, fetchOptions } from './auth/server'
import * as session from './auth/session'
import * as tokens from './auth/tokens'

declare module '@apollo/client' {
  interface DefaultContext {
    /** Of the tokens that a request goes out with. */
    version?: number
  }
}

/** Adds the access token, once there is one. */
const authorize = new SetContextLink(async ({ headers }) => {
  if (tokens.lacking()) await session.refresh(session.currentVersion())
  return { headers: { ...headers, ...tokens.authorization() }, version: session.currentVersion() }
})

/** Refreshes and asks again, once: what comes of the second time is not looked at here. */
const refreshOnce = new ErrorLink(({ error, result, operation, forward }) => {
  if (!isUnauthenticated(error)) return undefined
  const seen = operation.getContext().version ?? session.currentVersion()
  return from(session.refresh(seen)).pipe(
    switchMap((refreshed) => (refreshed ? forward(operation) : of(result ?? { data: null }))),
  )
})

function isUnauthenticated(error: unknown) {
  return (
    CombinedGraphQLErrors.is(error) &&
    error.errors.some(({ extensions }) => extensions?.['code'] === 'UNAUTHENTICATED')
  )
}

/** A client with nothing in its cache. */
export function createClient() {
  return new ApolloClient({
    link: ApolloLink.from([refreshOnce, authorize, new HttpLink({ uri: endpoint, ...fetchOptions })]),
    cache: new InMemoryCache(),
  })
}
