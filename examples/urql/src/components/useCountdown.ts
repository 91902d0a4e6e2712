import { useSyncExternalStore } from 'react'

/** That moment, in milliseconds of this device: whether its clock is right does not matter. */
export const secondsFromNow = (seconds: number) => Date.now() + seconds * 1000

/** Whole seconds until then; 0 from then on. */
export function useCountdown(until: number): number {
  return useSyncExternalStore(everyQuarterSecond, () => Math.max(0, Math.ceil((until - Date.now()) / 1000)))
}

function everyQuarterSecond(look: () => void) {
  const timer = setInterval(look, 250)
  return () => clearInterval(timer)
}
