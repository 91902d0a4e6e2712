import { useState } from 'react'
import { useNewest } from '../hooks'

const TEN = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

/**
 * Ten queries side by side, to watch in the browser's network panel what happens once the access
 * token has expired: ten refusals, one refresh, ten answers. Nothing that an app of yours needs.
 */
export function TenAtOnce() {
  const newest = useNewest()
  const [said, setSaid] = useState('')

  async function ask() {
    setSaid('')
    const answered = (await Promise.all(TEN.map(newest))).filter(Boolean)
    setSaid(`${answered.length} of ${TEN.length} answered.`)
  }

  return (
    <section className="trial" aria-labelledby="trial">
      <h2 id="trial">Try it</h2>
      <button type="button" onClick={() => void ask()}>
        Ask ten queries at once
      </button>
      <p role="status">{said}</p>
    </section>
  )
}
