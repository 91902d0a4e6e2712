import { useState } from 'react'
import { deviceName } from '../auth/device'
import type { Problem } from '../auth/problem'
import { delivery } from '../auth/server'
import { begin } from '../auth/session'
import { CodeInput } from '../components/CodeInput'
import { Heading } from '../components/Heading'
import { ProblemNote } from '../components/ProblemNote'
import { TimedButton } from '../components/TimedButton'
import { secondsFromNow } from '../components/useCountdown'
import { useRequestOtp, useVerifyOtp } from '../hooks'
import { asked, type Asked } from './asked'

interface Props {
  current: Asked
  onAsked: (asked: Asked) => void
  onBack: () => void
}

/** What was sent. The last digit submits it, typed, pasted or filled in by the browser. */
export function EnterCode({ current, onAsked, onBack }: Props) {
  const { recipient, challenge, resendAt } = current
  const { ask, asking } = useRequestOtp()
  const { verify, verifying } = useVerifyOtp()
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<Problem>()
  const [waitUntil, setWaitUntil] = useState(resendAt)
  const over = problem?.code === 'OTP_EXPIRED' || problem?.code === 'OTP_ATTEMPTS_EXCEEDED'

  async function submit(digits: string) {
    const { challengeToken } = challenge
    const device = { delivery, deviceName: deviceName() }
    const answer = await verify({ recipient, code: digits, challengeToken, ...device })
    if (!answer.problem) return begin(answer.tokens)
    setProblem(answer.problem)
    setCode('')
  }

  function enter(digits: string) {
    setCode(digits)
    if (digits) setProblem(undefined)
    if (digits.length === challenge.codeLength) void submit(digits)
  }

  async function resend() {
    const answer = await ask(recipient)
    if (answer.challenge) return onAsked(asked(recipient, answer.challenge))
    setProblem(answer.problem)
    setWaitUntil(secondsFromNow(answer.problem?.retryAfter ?? 0))
  }

  return (
    <form onSubmit={(event) => event.preventDefault()} noValidate>
      <Heading>Enter the code</Heading>
      <p>
        We sent it to <strong>{challenge.maskedRecipient}</strong>.
      </p>
      <CodeInput
        length={challenge.codeLength}
        value={code}
        invalid={problem?.code === 'OTP_INVALID'}
        locked={verifying || over}
        onChange={enter}
      />
      <ProblemNote problem={problem} />
      <TimedButton
        className={over ? 'primary' : undefined}
        busy={asking}
        until={waitUntil}
        onClick={() => void resend()}
      >
        Send a new code
      </TimedButton>
      <button type="button" className="quiet" onClick={onBack}>
        Start over
      </button>
    </form>
  )
}
