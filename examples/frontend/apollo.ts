import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache } from '@apollo/client'
import { ErrorLink } from '@apollo/client/link/error'
import { EMPTY, from, switchMap } from 'rxjs'
import { endpoint, isExpired, options, refresh } from './session'

// Asks once more after a refresh; what comes of that is not looked at here.
const refreshOnce = new ErrorLink(({ error, operation, forward }) => {
  if (!CombinedGraphQLErrors.is(error) || !isExpired(error.errors)) return
  return from(refresh()).pipe(
    switchMap((refreshed) => {
      if (refreshed) return forward(operation)
      signedOut()
      return EMPTY
    }),
  )
})

export const client = new ApolloClient({
  link: ApolloLink.from([refreshOnce, new HttpLink({ uri: endpoint, ...options })]),
  cache: new InMemoryCache(),
})

/** Of a session that ended: what was cached was for whoever is gone. */
export function signedOut() {
  void client.clearStore()
  location.assign('/sign-in')
}
