import type { Problem } from '../auth/problem'

/** For the input that the problem is about: `aria-describedby`. One problem at a time. */
export const PROBLEM_ID = 'problem'

/** What went wrong, read out as soon as it is there. It is always there, or some would miss it. */
export function ProblemNote({ problem }: { problem: Problem | undefined }) {
  return (
    <div id={PROBLEM_ID} className="problem" role="alert">
      {problem && (
        <p>
          {problem.message} {attemptsLeft(problem)}
        </p>
      )}
    </div>
  )
}

function attemptsLeft({ attemptsRemaining: left }: Problem) {
  if (left === null || left === undefined) return null
  return left === 1 ? 'One attempt left.' : `${left} attempts left.`
}
