import { useId } from 'react'
import './ContactInput.css'
import { PROBLEM_ID } from './ProblemNote'

/** An e-mail address, or a telephone number. */
export type Kind = 'email' | 'phone'

const KINDS: Kind[] = ['email', 'phone']

const LOOKS = {
  email: {
    name: 'E-mail',
    label: 'E-mail address',
    type: 'email',
    autoComplete: 'email',
    placeholder: 'ada@example.com',
  },
  phone: {
    name: 'Phone',
    label: 'Phone number',
    type: 'tel',
    autoComplete: 'tel',
    placeholder: '+44 7911 123456',
  },
} as const

interface Props {
  kind: Kind
  value: string
  invalid: boolean
  onKind: (kind: Kind) => void
  onChange: (value: string) => void
}

/** An address or a number, each with the keyboard and the memory that browsers have for it. */
export function ContactInput({ kind, value, invalid, onKind, onChange }: Props) {
  const id = useId()
  const { label, type, autoComplete, placeholder } = LOOKS[kind]
  return (
    <>
      <fieldset className="switch">
        <legend className="unseen">How to reach you</legend>
        {KINDS.map((each) => (
          <label key={each}>
            <input type="radio" name={id} checked={each === kind} onChange={() => onKind(each)} />
            {LOOKS[each].name}
          </label>
        ))}
      </fieldset>
      <label htmlFor={id}>{label}</label>
      <input
        key={kind}
        id={id}
        type={type}
        autoComplete={autoComplete}
        placeholder={placeholder}
        value={value}
        aria-invalid={invalid}
        aria-describedby={PROBLEM_ID}
        onChange={(event) => onChange(event.target.value)}
        required
      />
    </>
  )
}
