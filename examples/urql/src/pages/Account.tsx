import { useEffect, useState } from 'react'
import type { Problem } from '../auth/problem'
import { end } from '../auth/session'
import { Heading } from '../components/Heading'
import { ProblemNote } from '../components/ProblemNote'
import { SessionList } from '../components/SessionList'
import { TenAtOnce } from '../components/TenAtOnce'
import { useAccount, useSigningOut } from '../hooks'

/** Who is signed in, and where else. */
export function Account() {
  const { account, failed, reload } = useAccount()
  const { revoke, logout, logoutAll } = useSigningOut()
  const [problem, setProblem] = useState<Problem>()

  // Nobody, and no error: the browser holds no cookie any more.
  const gone = account === null && !failed
  useEffect(() => {
    if (gone) end('ended')
  }, [gone])

  async function leave(by: () => Promise<Problem | undefined>) {
    const wrong = await by()
    // To end what has ended is what was asked for.
    if (wrong && wrong.code !== 'SESSION_NOT_FOUND') setProblem(wrong)
    else end('signed-out')
  }

  if (failed) {
    return (
      <>
        <Heading>Signed in</Heading>
        <ProblemNote problem={{ message: 'The server did not answer as it should.' }} />
        <button type="button" onClick={reload}>
          Try again
        </button>
      </>
    )
  }
  if (!account) return <p role="status">One moment…</p>

  return (
    <>
      <Heading>Signed in</Heading>
      <p>
        You are <strong>{account.email ?? account.phone}</strong>.
      </p>
      <SessionList
        sessions={account.sessions.nodes}
        onEnd={({ id, current }) => (current ? void leave(logout) : void revoke(id).then(setProblem))}
      />
      <ProblemNote problem={problem} />
      <button type="button" className="danger" onClick={() => void leave(logoutAll)}>
        Sign out everywhere
      </button>
      <TenAtOnce />
    </>
  )
}
