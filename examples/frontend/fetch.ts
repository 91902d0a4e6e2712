import { endpoint, isExpired, options, refresh, type GraphQLProblem } from './session'

interface Answer<Data> {
  data?: Data | null
  errors?: GraphQLProblem[]
}

/** What was thrown for an `errors` entry: act on `code` and `reason`, and log the message. */
export class GraphQLFailure extends Error {
  readonly code: string | undefined
  readonly reason: string | undefined

  constructor({ message, extensions }: GraphQLProblem) {
    super(message)
    this.code = extensions?.code
    this.reason = extensions?.reason
  }
}

/** Runs an operation. With an expired access token: refreshes, and asks once more. */
export async function graphql<Data>(query: string, variables?: object): Promise<Data> {
  let answer = await send<Data>(query, variables)
  if (isExpired(answer.errors) && (await refresh())) answer = await send<Data>(query, variables)
  const [problem] = answer.errors ?? []
  if (problem) throw new GraphQLFailure(problem)
  return answer.data!
}

async function send<Data>(query: string, variables?: object): Promise<Answer<Data>> {
  const response = await fetch(endpoint, {
    ...options,
    method: 'POST',
    headers: { ...options.headers, 'Content-Type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  return response.json()
}
