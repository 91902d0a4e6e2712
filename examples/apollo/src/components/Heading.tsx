import { useEffect, useRef, type ReactNode } from 'react'

/** The heading of a page that has just replaced another: focused, so that it is read out. */
export function Heading({ children }: { children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  )
}
