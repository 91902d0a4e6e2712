import type { ComponentProps } from 'react'
import { useCountdown } from './useCountdown'

interface Props extends ComponentProps<'button'> {
  busy: boolean
  /** When it may be pressed, in milliseconds of this device. */
  until: number
}

/** A button that has to be waited for, and tells how long. */
export function TimedButton({ busy, until, children, ...rest }: Props) {
  const left = useCountdown(until)
  return (
    <button type="button" {...rest} disabled={busy || left > 0}>
      {children}
      {left > 0 && (
        <>
          {' in '}
          <span role="timer">{clock(left)}</span>
        </>
      )}
    </button>
  )
}

function clock(seconds: number) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
