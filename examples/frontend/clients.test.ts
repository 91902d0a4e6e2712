// What the pages promise of each client: with an expired token it refreshes, once for all who ask
// meanwhile, and asks again, once. `fetch` is the browser and the server at once.
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { gql } from '@apollo/client'
import relay from 'relay-runtime'
import { client as apollo } from './apollo'
import { graphql } from './fetch'
import { createEnvironment } from './relay'
import { client as urql } from './urql'

const ME = 'query Me { me { id email } }'
const ada = { __typename: 'User', id: '1', email: 'ada@example.com' }

/** The state of the cookies, and what was asked. */
let access: 'good' | 'expired' | 'ended'
let refresh: 'good' | 'ended'
let refreshes: number
let asked: number
let gone: string[]

beforeEach(() => {
  access = 'expired'
  refresh = 'good'
  refreshes = 0
  asked = 0
  gone = []
})

globalThis.location = { assign: (path: string) => gone.push(path) } as unknown as Location
globalThis.fetch = async (input, init) => {
  assert.equal(String(input), 'https://id.example.com/graphql')
  assert.equal(init?.credentials, 'include')
  const headers = new Headers(init?.headers)
  assert.ok(headers.has('GraphQL-Require-Preflight'))
  assert.match(headers.get('Content-Type') ?? '', /^application\/json/)
  await new Promise((resolve) => setImmediate(resolve))
  return Response.json(answer(JSON.parse(String(init?.body)).query))
}

function answer(query: string) {
  if (query.includes('refreshToken')) {
    refreshes += 1
    access = refresh === 'good' ? 'good' : 'ended'
    const session = refresh === 'good' ? { __typename: 'Session', id: '1', expiresAt: '' } : null
    return { data: { refreshToken: { session, userErrors: [] } } }
  }
  asked += 1
  if (access === 'good') return { data: { me: ada } }
  const reason = access === 'expired' ? 'TOKEN_EXPIRED' : 'SESSION_ENDED'
  const error = { message: 'Sign in.', path: ['me'], extensions: { code: 'UNAUTHENTICATED', reason } }
  return { data: null, errors: [error] }
}

interface Me {
  me: { email: string } | null
}

const relayMe = {
  fragment: {
    argumentDefinitions: [],
    kind: 'Fragment',
    metadata: null,
    name: 'Me',
    selections: [],
    type: 'Query',
  },
  kind: 'Request',
  operation: { argumentDefinitions: [], kind: 'Operation', name: 'Me', selections: [] },
  params: { cacheID: 'me', id: null, metadata: {}, name: 'Me', operationKind: 'query', text: ME },
}

/** Each gives the address of who is signed in, or throws. */
const clients: Record<string, () => Promise<string | undefined>> = {
  fetch: async () => (await graphql<Me>(ME)).me?.email,
  apollo: async () => {
    const { data } = await apollo.query<Me>({ query: gql(ME), fetchPolicy: 'no-cache' })
    return data?.me?.email
  },
  urql: async () => {
    const { data, error } = await urql.query<Me>(ME, {}, { requestPolicy: 'network-only' }).toPromise()
    if (error) throw error
    return data?.me?.email
  },
  relay: async () => {
    const environment = createEnvironment()
    const operation = relay.createOperationDescriptor(relayMe as never, {})
    const answer = await environment.execute({ operation }).toPromise()
    return (answer as unknown as { data: Me }).data.me?.email
  },
}

for (const [name, me] of Object.entries(clients)) {
  test(`${name}: an expired token is refreshed, and the question asked once more`, async () => {
    assert.equal(await me(), 'ada@example.com')
    assert.deepEqual([asked, refreshes], [2, 1])
  })

  test(`${name}: a session that is over is not refreshed`, async () => {
    access = 'ended'
    await assert.rejects(me())
    assert.deepEqual([asked, refreshes], [1, 0])
  })
}

test('who asks together is refreshed together', async () => {
  const answers = await Promise.all([graphql<Me>(ME), graphql<Me>(ME), graphql<Me>(ME)])
  assert.deepEqual(new Set(answers.map(({ me }) => me?.email)), new Set(['ada@example.com']))
  assert.equal(refreshes, 1)
})

test('whose refresh is refused is sent to sign in', async () => {
  refresh = 'ended'
  await assert.rejects(clients['apollo']!())
  assert.deepEqual(gone, ['/sign-in'])
})
