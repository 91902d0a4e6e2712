// Signs somebody in with graphql-request, and out again: node sign-in.mjs ada@example.com
import { createInterface } from 'node:readline/promises'
import { ClientError, GraphQLClient, gql } from 'graphql-request'

const server = process.env.COUNTERSIGN_URL ?? 'http://127.0.0.1:8000'
let tokens

const client = new GraphQLClient(`${server}/graphql`, {
  // Asked before each request, so that a refreshed token is used at once.
  headers: () => (tokens ? { Authorization: `Bearer ${tokens.accessToken}` } : {}),
})

const REQUEST_OTP = gql`
  mutation RequestOtp($input: RequestOtpInput!) {
    requestOtp(input: $input) {
      challenge { challengeToken maskedRecipient codeLength }
      userErrors { code message }
    }
  }`
const VERIFY_OTP = gql`
  mutation VerifyOtp($input: VerifyOtpInput!) {
    verifyOtp(input: $input) {
      tokens { accessToken refreshToken }
      userErrors { code message attemptsRemaining }
    }
  }`
const ME = gql`
  query Me { me { id email } }`
const REFRESH_TOKEN = gql`
  mutation RefreshToken($input: RefreshTokenInput) {
    refreshToken(input: $input) {
      tokens { accessToken refreshToken }
      userErrors { code message }
    }
  }`
const LOGOUT = gql`
  mutation Logout { logout { userErrors { code message } } }`

// What the person can put right comes as data, for your form; here it ends the program.
async function run(mutation, variables) {
  const [payload] = Object.values(await client.request(mutation, variables))
  const [error] = payload.userErrors
  if (error) throw new Error(`${error.code}: ${error.message}`)
  return payload
}

const [email] = process.argv.slice(2)
const recipient = { email }

const { challenge } = await run(REQUEST_OTP, { input: { recipient } })
console.log(`A code is on its way to ${challenge.maskedRecipient}.`)
const terminal = createInterface({ input: process.stdin, output: process.stdout })
const code = await terminal.question(`Its ${challenge.codeLength} digits: `)
terminal.close()

const { challengeToken } = challenge
tokens = (await run(VERIFY_OTP, { input: { recipient, code, challengeToken } })).tokens
console.log(`Signed in as ${(await client.request(ME)).me.email}.`)

const { refreshToken } = tokens
tokens = (await run(REFRESH_TOKEN, { input: { refreshToken } })).tokens
console.log(`Refreshed, and still ${(await client.request(ME)).me.email}.`)

await run(LOGOUT)
const reason = await client.request(ME).catch((error) => {
  if (!(error instanceof ClientError)) throw error
  return error.response.errors[0].extensions.reason
})
console.log(`Signed out: ${reason}.`)
