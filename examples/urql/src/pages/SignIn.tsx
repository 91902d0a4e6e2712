import { useState } from 'react'
import type { Asked } from './asked'
import { EnterCode } from './EnterCode'
import { EnterContact } from './EnterContact'

/** First whom to write to, then what was written. */
export function SignIn({ ended }: { ended: boolean }) {
  const [current, setCurrent] = useState<Asked>()
  if (!current) return <EnterContact ended={ended} onAsked={setCurrent} />
  // A new code begins anew: what was typed, and what was wrong with it, was about the old one.
  return (
    <EnterCode
      key={current.challenge.challengeToken}
      current={current}
      onAsked={setCurrent}
      onBack={() => setCurrent(undefined)}
    />
  )
}
