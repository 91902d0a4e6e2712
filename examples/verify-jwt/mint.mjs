// Signs in and prints the access token: node mint.mjs ADDRESS CODE
const [email, code] = process.argv.slice(2)

async function graphql(query, input) {
  const response = await fetch(`${process.env.COUNTERSIGN_URL}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query, variables: { input } }),
  })
  const [payload] = Object.values((await response.json()).data)
  if (payload.userErrors.length > 0) throw new Error(payload.userErrors[0].message)
  return payload
}

const ASK = /* GraphQL */ `
  mutation Ask($input: RequestOtpInput!) {
    requestOtp(input: $input) { challenge { challengeToken } userErrors { message } }
  }`
const ANSWER = /* GraphQL */ `
  mutation Answer($input: VerifyOtpInput!) {
    verifyOtp(input: $input) { tokens { accessToken } userErrors { message } }
  }`

const recipient = { email }
const { challenge } = await graphql(ASK, { recipient })
const { tokens } = await graphql(ANSWER, { recipient, code, challengeToken: challenge.challengeToken })
console.log(tokens.accessToken)
