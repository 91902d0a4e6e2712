import { Environment, Network, RecordSource, Store, type GraphQLResponse } from 'relay-runtime'
import { endpoint, isExpired, options, refresh } from './session'

async function send(query: string | null | undefined, variables: object): Promise<GraphQLResponse> {
  const response = await fetch(endpoint, {
    ...options,
    method: 'POST',
    headers: { ...options.headers, 'Content-Type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  return response.json()
}

/** Make a new one when somebody signs out: what is in its store was for whoever is gone. */
export function createEnvironment() {
  return new Environment({
    network: Network.create(async ({ text }, variables) => {
      const answer = await send(text, variables)
      const errors = 'errors' in answer ? answer.errors : undefined
      return isExpired(errors) && (await refresh()) ? send(text, variables) : answer
    }),
    store: new Store(new RecordSource()),
  })
}
