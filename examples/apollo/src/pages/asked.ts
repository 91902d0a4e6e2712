import { secondsFromNow } from '../components/useCountdown'
import type { ChallengeFragment, OtpRecipientInput } from '../gql/graphql'

/** A code on its way, and whom it was asked for. */
export interface Asked {
  recipient: OtpRecipientInput
  challenge: ChallengeFragment
  /** When another may be asked for, in milliseconds of this device. */
  resendAt: number
}

/** A code that was asked for just now. */
export function asked(recipient: OtpRecipientInput, challenge: ChallengeFragment): Asked {
  return { recipient, challenge, resendAt: secondsFromNow(challenge.resendIn) }
}
