import { useState, type FormEvent } from 'react'
import type { Problem } from '../auth/problem'
import { ContactInput, type Kind } from '../components/ContactInput'
import { Heading } from '../components/Heading'
import { ProblemNote } from '../components/ProblemNote'
import { TimedButton } from '../components/TimedButton'
import { secondsFromNow } from '../components/useCountdown'
import { useRequestOtp } from '../hooks'
import { asked, type Asked } from './asked'

interface Props {
  ended: boolean
  onAsked: (asked: Asked) => void
}

/** Whom to send a code to. */
export function EnterContact({ ended, onAsked }: Props) {
  const { ask, asking } = useRequestOtp()
  const [kind, setKind] = useState<Kind>('email')
  const [contact, setContact] = useState('')
  const [problem, setProblem] = useState<Problem>()
  const [waitUntil, setWaitUntil] = useState(0)

  async function submit(event: FormEvent) {
    event.preventDefault()
    setProblem(undefined)
    const recipient = kind === 'email' ? { email: contact } : { phone: contact }
    const answer = await ask(recipient)
    if (answer.challenge) return onAsked(asked(recipient, answer.challenge))
    setProblem(answer.problem)
    setWaitUntil(secondsFromNow(answer.problem?.retryAfter ?? 0))
  }

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Heading>Sign in</Heading>
      {ended ? (
        <p className="notice" role="status">
          Your session has ended. Sign in again to go on.
        </p>
      ) : (
        <p>We send you a code. There is no password to remember.</p>
      )}
      <ContactInput
        kind={kind}
        value={contact}
        invalid={problem?.code === 'RECIPIENT_INVALID'}
        onKind={setKind}
        onChange={setContact}
      />
      <ProblemNote problem={problem} />
      <TimedButton type="submit" className="primary" busy={asking} until={waitUntil}>
        Send a code
      </TimedButton>
    </form>
  )
}
