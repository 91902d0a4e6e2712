// Signs somebody in with relay-runtime, and out again: node sign-in.mjs ada@example.com
// What it runs was compiled before: npm run relay
import { createInterface } from 'node:readline/promises'
import relay from 'relay-runtime'
import SessionListQuery from './__generated__/SessionListQuery.graphql.js'
import SignInLogoutMutation from './__generated__/SignInLogoutMutation.graphql.js'
import SignInRefreshMutation from './__generated__/SignInRefreshMutation.graphql.js'
import SignInRequestMutation from './__generated__/SignInRequestMutation.graphql.js'
import SignInVerifyMutation from './__generated__/SignInVerifyMutation.graphql.js'
import SessionListFragment from './__generated__/SessionList_query.graphql.js'

const { Environment, Network, RecordSource, Store, commitMutation, fetchQuery, getSelector } = relay
const server = process.env.COUNTERSIGN_URL ?? 'http://127.0.0.1:8000'
// Here and not in the store: no cache should hold a token.
let tokens

const environment = new Environment({
  network: Network.create(async ({ text }, variables) => {
    const response = await fetch(`${server}/graphql`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...(tokens && { Authorization: `Bearer ${tokens.accessToken}` }),
      },
      body: JSON.stringify({ query: text, variables }),
    })
    return response.json()
  }),
  store: new Store(new RecordSource()),
})

// What the person can put right comes as data, for your form; here it ends the program.
const run = (mutation, input) =>
  new Promise((resolve, reject) => {
    commitMutation(environment, {
      mutation,
      variables: { input },
      onError: reject,
      onCompleted: (data) => {
        const [payload] = Object.values(data)
        const [error] = payload.userErrors
        error ? reject(new Error(error.message)) : resolve(payload)
      },
    })
  })

async function me() {
  const data = await fetchQuery(environment, SessionListQuery, { first: 20 }).toPromise()
  const selector = getSelector(SessionListFragment, data)
  return environment.lookup(selector).data.me
}

const [email] = process.argv.slice(2)
const recipient = { email }

const { challenge } = await run(SignInRequestMutation, { recipient })
console.log(`A code is on its way to ${challenge.maskedRecipient}.`)
const terminal = createInterface({ input: process.stdin, output: process.stdout })
const code = await terminal.question(`Its ${challenge.codeLength} digits: `)
terminal.close()

const { challengeToken } = challenge
tokens = (await run(SignInVerifyMutation, { recipient, code, challengeToken })).tokens
const { sessions, ...user } = await me()
console.log(`Signed in as ${user.email}, on ${sessions.nodes.length} device.`)

const { refreshToken } = tokens
tokens = (await run(SignInRefreshMutation, { refreshToken })).tokens
console.log(`Refreshed, and still ${(await me()).email}.`)

await run(SignInLogoutMutation)
const reason = await me().catch((error) => error.source.errors[0].extensions.reason)
console.log(`Signed out: ${reason}.`)
