import { Client, cacheExchange, fetchExchange } from 'urql'
import { authExchange } from '@urql/exchange-auth'
import { endpoint, isExpired, options, refresh } from './session'

export const client = new Client({
  url: endpoint,
  // For queries as well: urql sends small ones by GET unless told otherwise, which works too.
  preferGetMethod: false,
  fetchOptions: options,
  exchanges: [
    cacheExchange,
    // Refreshes once, holds what is asked meanwhile, and asks it all again.
    authExchange(async () => ({
      addAuthToOperation: (operation) => operation,
      didAuthError: (error) => isExpired(error.graphQLErrors),
      refreshAuth: async () => {
        if (!(await refresh())) location.assign('/sign-in')
      },
    })),
    fetchExchange,
  ],
})
