import type { SessionFragment } from '../gql/graphql'

interface Props {
  sessions: SessionFragment[]
  onEnd: (session: SessionFragment) => void
}

/** Where somebody is signed in, newest first, each with a button that ends it. */
export function SessionList({ sessions, onEnd }: Props) {
  return (
    <section aria-labelledby="sessions">
      <h2 id="sessions">Where you are signed in</h2>
      <ul className="sessions">
        {sessions.map((session) => (
          <Row key={session.id} session={session} onEnd={onEnd} />
        ))}
      </ul>
    </section>
  )
}

function Row({ session, onEnd }: { session: SessionFragment; onEnd: Props['onEnd'] }) {
  const name = session.deviceName ?? session.userAgent ?? 'Unknown device'
  return (
    <li>
      <div>
        <strong>{name}</strong> {session.current && <span className="badge">this device</span>}
        <p>
          {session.ipAddress ?? 'Unknown address'}, last seen{' '}
          <time dateTime={session.lastSeenAt}>{moment.format(new Date(session.lastSeenAt))}</time>
        </p>
      </div>
      <button
        type="button"
        onClick={() => onEnd(session)}
        aria-label={`Sign out ${session.current ? 'here' : name}`}
      >
        Sign out
      </button>
    </li>
  )
}

const moment = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
})
