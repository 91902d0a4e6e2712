import { delivery } from '../auth/server'

/** Where the tokens are kept, to compare the two. An app of yours has one of them. */
export function ModeSwitch() {
  return (
    <footer>
      <nav aria-label="Where tokens are kept">
        Tokens are kept{' '}
        <a href="?mode=body" aria-current={delivery === 'BODY'}>
          by this page
        </a>{' '}
        <a href="?mode=cookie" aria-current={delivery === 'COOKIE'}>
          in cookies
        </a>
      </nav>
    </footer>
  )
}
