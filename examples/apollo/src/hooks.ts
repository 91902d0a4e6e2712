import { useApolloClient, useMutation, useQuery } from '@apollo/client/react'
import { useCallback } from 'react'
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

/** An answer even where there is none: pages look at what is in it, and catch nothing. */
const errorPolicy = 'all'

/** Sends a code. */
export function useRequestOtp() {
  const [run, { loading }] = useMutation(RequestOtpDocument, { errorPolicy })
  const ask = async (recipient: OtpRecipientInput) => {
    const { data } = await run({ variables: { recipient } })
    return { challenge: data?.requestOtp.challenge, problem: problemOf(data?.requestOtp) }
  }
  return { ask, asking: loading }
}

/** Answers with the code. */
export function useVerifyOtp() {
  const [run, { loading }] = useMutation(VerifyOtpDocument, { errorPolicy, fetchPolicy: 'no-cache' })
  const verify = async (input: VerifyOtpInput) => {
    const { data } = await run({ variables: { input } })
    return { tokens: data?.verifyOtp.tokens ?? null, problem: problemOf(data?.verifyOtp) }
  }
  return { verify, verifying: loading }
}

/** Who is signed in, and where. */
export function useAccount() {
  const { data, error, refetch } = useQuery(AccountDocument, {
    fetchPolicy: 'cache-and-network',
    errorPolicy,
  })
  return { account: data?.me, failed: error !== undefined, reload: () => void refetch() }
}

/** Ends one session, this one, or all of them. */
export function useSigningOut() {
  const [revoke] = useMutation(RevokeSessionDocument, { errorPolicy, refetchQueries: [AccountDocument] })
  const [logout] = useMutation(LogoutDocument, { errorPolicy })
  const [logoutAll] = useMutation(LogoutAllDocument, { errorPolicy })
  return {
    revoke: async (sessionId: string) =>
      problemOf((await revoke({ variables: { sessionId } })).data?.revokeSession),
    logout: async () => problemOf((await logout()).data?.logout),
    logoutAll: async () => problemOf((await logoutAll()).data?.logoutAll),
  }
}

/** Asks for the newest `first` sessions, past the cache; whether there was an answer. */
export function useNewest() {
  const client = useApolloClient()
  return useCallback(
    async (first: number) => {
      const asked = {
        query: NewestDocument,
        variables: { first },
        fetchPolicy: 'network-only',
        errorPolicy,
      } as const
      return Boolean((await client.query(asked)).data?.me)
    },
    [client],
  )
}
