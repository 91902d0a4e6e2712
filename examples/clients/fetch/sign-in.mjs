// Signs somebody in with nothing but fetch, and out again: node sign-in.mjs ada@example.com
import { createInterface } from 'node:readline/promises'

const server = process.env.COUNTERSIGN_URL ?? 'http://127.0.0.1:8000'

async function graphql(query, variables, accessToken) {
  const response = await fetch(`${server}/graphql`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      ...(accessToken && { Authorization: `Bearer ${accessToken}` }),
    },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = await response.json()
  if (errors) throw Object.assign(new Error(errors[0].message), errors[0].extensions)
  return data
}

// What the person can put right comes as data, for your form; here it ends the program.
function accepted({ userErrors, ...payload }) {
  if (userErrors.length > 0) throw new Error(`${userErrors[0].code}: ${userErrors[0].message}`)
  return payload
}

const [email] = process.argv.slice(2)
const recipient = { email }

const { requestOtp } = await graphql(/* GraphQL */ `
  mutation RequestOtp($input: RequestOtpInput!) {
    requestOtp(input: $input) {
      challenge { challengeToken maskedRecipient codeLength }
      userErrors { code message }
    }
  }`, { input: { recipient } })
const { challenge } = accepted(requestOtp)

console.log(`A code is on its way to ${challenge.maskedRecipient}.`)
const terminal = createInterface({ input: process.stdin, output: process.stdout })
const code = await terminal.question(`Its ${challenge.codeLength} digits: `)
terminal.close()

const { verifyOtp } = await graphql(/* GraphQL */ `
  mutation VerifyOtp($input: VerifyOtpInput!) {
    verifyOtp(input: $input) {
      isNewUser
      tokens { accessToken refreshToken }
      userErrors { code message attemptsRemaining }
    }
  }`, { input: { recipient, code, challengeToken: challenge.challengeToken } })
let { tokens } = accepted(verifyOtp)

const me = () => graphql(/* GraphQL */ `query Me { me { id email } }`, {}, tokens.accessToken)
console.log(`Signed in as ${(await me()).me.email}.`)

const { refreshToken } = await graphql(/* GraphQL */ `
  mutation RefreshToken($input: RefreshTokenInput) {
    refreshToken(input: $input) {
      tokens { accessToken refreshToken }
      userErrors { code message }
    }
  }`, { input: { refreshToken: tokens.refreshToken } })
tokens = accepted(refreshToken).tokens
console.log(`Refreshed, and still ${(await me()).me.email}.`)

accepted((await graphql(/* GraphQL */ `
  mutation Logout { logout { userErrors { code message } } }`, {}, tokens.accessToken)).logout)
const reason = await me().catch((error) => error.reason)
console.log(`Signed out: ${reason}.`)
