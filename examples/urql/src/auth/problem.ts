import type { ProblemFragment } from '../gql/graphql'

/** What to tell the person. Without a `code` the server did not answer, or could not. */
export type Problem = { message: string } & Partial<ProblemFragment>

const UNANSWERED: Problem = { message: 'The server did not answer as it should. Try again in a moment.' }

/** What is wrong with an answer, if anything is: act on its `code`, show its `message`. */
export function problemOf(payload: { userErrors: ProblemFragment[] } | undefined): Problem | undefined {
  return payload === undefined ? UNANSWERED : payload.userErrors[0]
}
