// Signs somebody in with nothing but fetch, and out again: node sign-in.mjs ada@example.com
import { createInterface } from 'node:readline/promises'

const server = process.env.COUNTERSIGN_URL ?? 'http://127.0.0.1:8000'
let tokens

const REQUEST_OTP = /* GraphQL */ `
  mutation RequestOtp($input: RequestOtpInput!) {
    requestOtp(input: $input) {
      challenge { challengeToken maskedRecipient codeLength }
      userErrors { code message }
    }
  }`
const VERIFY_OTP = /* GraphQL */ `
  mutation VerifyOtp($input: VerifyOtpInput!) {
    verifyOtp(input: $input) {
      tokens { accessToken refreshToken }
      userErrors { code message attemptsRemaining }
    }
  }`
const ME = /* GraphQL */ `
  query Me { me { id email } }`
const REFRESH_TOKEN = /* GraphQL */ `
  mutation RefreshToken($input: RefreshTokenInput) {
    refreshToken(input: $input) {
      tokens { accessToken refreshToken }
      userErrors { code message }
    }
  }`
const LOGOUT = /* GraphQL */ `
  mutation Logout { logout { userErrors { code message } } }`

async function graphql(query, variables) {
  const response = await fetch(`${server}/graphql`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      ...(tokens && { Authorization: `Bearer ${tokens.accessToken}` }),
    },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = await response.json()
  // Faults, and who is not signed in: act on `code` and `reason`.
  if (errors) throw Object.assign(new Error(errors[0].message), errors[0].extensions)
  return data
}

// What the person can put right comes as data, for your form; here it ends the program.
async function run(mutation, input) {
  const [payload] = Object.values(await graphql(mutation, { input }))
  const [error] = payload.userErrors
  if (error) throw new Error(`${error.code}: ${error.message}`)
  return payload
}

const [email] = process.argv.slice(2)
const recipient = { email }

const { challenge } = await run(REQUEST_OTP, { recipient })
console.log(`A code is on its way to ${challenge.maskedRecipient}.`)
const terminal = createInterface({ input: process.stdin, output: process.stdout })
const code = await terminal.question(`Its ${challenge.codeLength} digits: `)
terminal.close()

const { challengeToken } = challenge
tokens = (await run(VERIFY_OTP, { recipient, code, challengeToken })).tokens
console.log(`Signed in as ${(await graphql(ME)).me.email}.`)

const { refreshToken } = tokens
tokens = (await run(REFRESH_TOKEN, { refreshToken })).tokens
console.log(`Refreshed, and still ${(await graphql(ME)).me.email}.`)

await run(LOGOUT)
const reason = await graphql(ME).catch((error) => error.reason)
console.log(`Signed out: ${reason}.`)
