import { headers } from 'next/headers'

const countersign = process.env.COUNTERSIGN_URL ?? 'http://127.0.0.1:8000'

/** Asks Countersign as the visitor. Gives the whole response: it may carry cookies. */
export async function asVisitor(query: string): Promise<Response> {
  const visitor = await headers()
  return fetch(`${countersign}/graphql`, {
    method: 'POST',
    cache: 'no-store',
    headers: {
      'Content-Type': 'application/json',
      'GraphQL-Require-Preflight': '1',
      Cookie: visitor.get('cookie') ?? '',
      // So that limits and session lists are about the visitor, and not about this server.
      'User-Agent': visitor.get('user-agent') ?? '',
      'X-Forwarded-For': visitor.get('x-forwarded-for') ?? '',
    },
    body: JSON.stringify({ query }),
  })
}

/** Who visits: somebody, nobody, or somebody whose access token has expired. */
export async function visitor(): Promise<{ id: string; email: string | null } | 'nobody' | 'expired'> {
  const response = await asVisitor(/* GraphQL */ `query Me { me { id email } }`)
  const { data, errors } = await response.json()
  if (errors?.[0].extensions.reason === 'TOKEN_EXPIRED') return 'expired'
  return data?.me ?? 'nobody'
}
