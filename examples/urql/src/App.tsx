import type { Status } from './auth/session'
import { ModeSwitch } from './components/ModeSwitch'
import { Account } from './pages/Account'
import { SignIn } from './pages/SignIn'

/** Two pages, and which of them is seen depends on nothing but the session. */
export function App({ status }: { status: Status }) {
  return (
    <>
      <main className="card">
        {status === 'signed-in' ? <Account /> : <SignIn ended={status === 'ended'} />}
      </main>
      <ModeSwitch />
    </>
  )
}
