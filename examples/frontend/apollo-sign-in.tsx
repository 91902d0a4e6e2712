import { gql, type TypedDocumentNode } from '@apollo/client'
import { useMutation } from '@apollo/client/react'
import { useState } from 'react'

interface Refusal {
  code: string
  message: string
  retryAfter?: number | null
  attemptsRemaining?: number | null
}

const REQUEST_OTP: TypedDocumentNode<
  {
    requestOtp: {
      challenge: { challengeToken: string; maskedRecipient: string } | null
      userErrors: Refusal[]
    }
  },
  { email: string }
> = gql`
  mutation RequestOtp($email: String!) {
    requestOtp(input: { recipient: { email: $email } }) {
      challenge { challengeToken maskedRecipient }
      userErrors { code message retryAfter }
    }
  }`

const VERIFY_OTP: TypedDocumentNode<
  { verifyOtp: { user: { id: string } | null; userErrors: Refusal[] } },
  { email: string; code: string; challengeToken: string }
> = gql`
  mutation VerifyOtp($email: String!, $code: String!, $challengeToken: String!) {
    verifyOtp(
      input: {
        recipient: { email: $email }
        code: $code
        challengeToken: $challengeToken
        delivery: COOKIE
      }
    ) {
      user { id email }
      userErrors { code message attemptsRemaining }
    }
  }`

/** An address first, and then the code that came there. */
export function SignIn({ onSignedIn }: { onSignedIn: () => void }) {
  const [email, setEmail] = useState('')
  const [code, setCode] = useState('')
  const [requestOtp, asked] = useMutation(REQUEST_OTP)
  const [verifyOtp, answered] = useMutation(VERIFY_OTP)
  const challenge = asked.data?.requestOtp.challenge
  const [refusal] = (answered.data?.verifyOtp ?? asked.data?.requestOtp)?.userErrors ?? []

  async function submit() {
    if (!challenge) return requestOtp({ variables: { email } })
    const { challengeToken } = challenge
    const { data } = await verifyOtp({ variables: { email, code, challengeToken } })
    if (data?.verifyOtp.user) onSignedIn()
  }

  return (
    <form action={() => void submit()}>
      {challenge ? (
        <label>
          The code sent to {challenge.maskedRecipient}
          <input
            value={code}
            onChange={(event) => setCode(event.target.value)}
            inputMode="numeric"
            autoComplete="one-time-code"
          />
        </label>
      ) : (
        <label>
          E-mail
          <input
            value={email}
            onChange={(event) => setEmail(event.target.value)}
            type="email"
            autoComplete="email"
          />
        </label>
      )}
      {refusal && <p role="alert">{refusal.message}</p>}
      <button disabled={asked.loading || answered.loading}>Continue</button>
    </form>
  )
}
