import type { Problem } from '../auth/problem'

/** For the input that the problem is about: `aria-describedby`. One problem at a time. */
export const PROBLEM_ID = 'problem'

/** What went wrong, read out as soon as it is there. It is always there, or some would miss it. */
export function ProblemNote({ problem }: { problem: Problem | undefined }) {
  return (
    <div id={PROBLEM_ID} className="problem" role="alert">
      {problem && (
        <p>
          {problem.message} {attemptsLeft(problem)} {whenAgain(problem)}
        </p>
      )}
    </div>
  )
}

function attemptsLeft({ attemptsRemaining: left }: Problem) {
  if (left === null || left === undefined) return null
  return left === 1 ? 'One attempt left.' : `${left} attempts left.`
}

/** Once, and not every second: it is read out. */
function whenAgain({ retryAfter: seconds }: Problem) {
  if (seconds === null || seconds === undefined) return null
  return `Try again ${seconds < 120 ? soon.format(seconds, 'second') : soon.format(Math.ceil(seconds / 60), 'minute')}.`
}

const soon = new Intl.RelativeTimeFormat('en')
