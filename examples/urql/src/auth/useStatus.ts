import { useSyncExternalStore } from 'react'
import { currentStatus, watch } from './session'

/** Whether somebody is signed in, now and whenever that changes. */
export const useStatus = () => useSyncExternalStore(watch, currentStatus)
