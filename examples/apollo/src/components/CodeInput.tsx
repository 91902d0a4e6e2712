import { useEffect, useId, useRef } from 'react'
import './CodeInput.css'
import { PROBLEM_ID } from './ProblemNote'

interface Props {
  length: number
  value: string
  invalid: boolean
  /** Nothing can be entered; what is focused stays so, or who hears the page would lose the place. */
  locked: boolean
  onChange: (digits: string) => void
}

/**
 * One input, drawn as a box for each digit: paste, autofill, undo and screen readers work as in
 * any other. The boxes are behind it, and only for the eye.
 */
export function CodeInput({ length, value, invalid, locked, onChange }: Props) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.focus(), [])

  return (
    <>
      <label htmlFor={id}>{length}-digit code</label>
      <div className="code" style={{ '--length': length }}>
        <div className="boxes" aria-hidden="true">
          {Array.from({ length }, (_, at) => (
            <span key={at} data-next={at === Math.min(value.length, length - 1)} />
          ))}
        </div>
        <input
          ref={input}
          id={id}
          // No maxLength: it would cut what is pasted with spaces before they are taken out.
          inputMode="numeric"
          autoComplete="one-time-code"
          value={value}
          readOnly={locked}
          aria-invalid={invalid}
          aria-describedby={PROBLEM_ID}
          onChange={(event) => onChange(event.target.value.replaceAll(/\D/g, '').slice(0, length))}
        />
      </div>
    </>
  )
}
