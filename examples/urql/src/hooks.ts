import { useCallback } from 'react'
import { useClient, useMutation, useQuery } from 'urql'
import { problemOf } from './auth/problem'
import {
  AccountDocument,
  LogoutAllDocument,
  LogoutDocument,
  NewestDocument,
  RequestOtpDocument,
  RevokeSessionDocument,
  VerifyOtpDocument,
  type OtpRecipientInput,
  type VerifyOtpInput,
} from './gql/graphql'

/** Sends a code. */
export function useRequestOtp() {
  const [{ fetching }, run] = useMutation(RequestOtpDocument)
  const ask = async (recipient: OtpRecipientInput) => {
    const { data } = await run({ recipient })
    return { challenge: data?.requestOtp.challenge, problem: problemOf(data?.requestOtp) }
  }
  return { ask, asking: fetching }
}

/** Answers with the code. */
export function useVerifyOtp() {
  const [{ fetching }, run] = useMutation(VerifyOtpDocument)
  const verify = async (input: VerifyOtpInput) => {
    const { data } = await run({ input })
    return { tokens: data?.verifyOtp.tokens ?? null, problem: problemOf(data?.verifyOtp) }
  }
  return { verify, verifying: fetching }
}

/** Who is signed in, and where. */
export function useAccount() {
  const [{ data, error }, run] = useQuery({ query: AccountDocument, requestPolicy: 'cache-and-network' })
  const reload = () => run({ requestPolicy: 'network-only' })
  return { account: data?.me, failed: error !== undefined, reload }
}

/** Ends one session, this one, or all of them. */
export function useSigningOut() {
  const client = useClient()
  const [, revoke] = useMutation(RevokeSessionDocument)
  const [, logout] = useMutation(LogoutDocument)
  const [, logoutAll] = useMutation(LogoutAllDocument)
  return {
    revoke: async (sessionId: string) => {
      const { data } = await revoke({ sessionId })
      // The payload holds no session, so the cache cannot tell by itself what has changed.
      await client.query(AccountDocument, {}, { requestPolicy: 'network-only' })
      return problemOf(data?.revokeSession)
    },
    logout: async () => problemOf((await logout({})).data?.logout),
    logoutAll: async () => problemOf((await logoutAll({})).data?.logoutAll),
  }
}

/** Asks for the newest `first` sessions, past the cache; whether there was an answer. */
export function useNewest() {
  const client = useClient()
  return useCallback(
    async (first: number) => {
      const { data } = await client.query(NewestDocument, { first }, { requestPolicy: 'network-only' })
      return Boolean(data?.me)
    },
    [client],
  )
}
