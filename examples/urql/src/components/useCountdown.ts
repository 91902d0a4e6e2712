import { useEffect, useState } from 'react'

/** That moment, in milliseconds of this device: whether its clock is right does not matter. */
export const secondsFromNow = (seconds: number) => Date.now() + seconds * 1000

/** Whole seconds until then; 0 from then on. */
export function useCountdown(until: number): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now())
      if (Date.now() >= until) clearInterval(timer)
    }, 250)
    return () => clearInterval(timer)
  }, [until])
  return Math.max(0, Math.ceil((until - now) / 1000))
}
