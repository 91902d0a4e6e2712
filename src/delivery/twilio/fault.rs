//! Twilio's refusals: which of them are about the person, and which are not.
//!
//! Permanent is what no provider and no patience will mend, since it keeps the person from being
//! written to for a while. What the operator could mend (credentials, balance, senders) is
//! temporary, so that the next provider in the chain is asked meanwhile. So is a number that may
//! mean our sender as well as the person (21401, 21407, 21601), and every one that is not in the
//! table: Twilio adds to them as it pleases.

use reqwest::StatusCode;

use crate::delivery::SendError;

/// What an HTTP answer that is no success means, with Twilio's number for the reason.
pub(super) fn judge(status: StatusCode, code: u32) -> SendError {
    let why = format!("error {code}");
    // A server that is unwell is not to be believed about people.
    let is_refusal = status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS;
    if is_refusal && is_permanent(code) {
        SendError::Permanent(why)
    } else if status == StatusCode::BAD_REQUEST {
        SendError::Temporary(why)
    } else {
        SendError::Unwell(why)
    }
}

/// Whether an error is about the person for good. The same numbers come in answers and, later, in
/// status callbacks. Said in <https://www.twilio.com/docs/api/errors>.
pub(super) fn is_permanent(code: u32) -> bool {
    matches!(
        code,
        // Not a number (21211, 21217), or none that text messages reach (21214, 21614): a short
        // code (21265), the sender's own (21266), a landline (21635).
        21211 | 21214 | 21217 | 21265 | 21266 | 21614 | 21635
        // A region that cannot be reached: not enabled for the account, which is how operators
        // keep out the regions where messages are dear (21408), or without a way there (21612).
        | 21408 | 21612
        // The person asked not to be written to.
        | 21610
        // Told after it was taken: blocked by the person or the carrier (30004), nobody's number
        // (30005), a landline or no way to its carrier (30006).
        | 30004
            ..=30006
        // WhatsApp: nobody's number there (63003, 63024), blocked by the person (63014, 63033).
        | 63003 | 63014 | 63024 | 63033
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(status: u16, code: u32) -> SendError {
        judge(StatusCode::from_u16(status).unwrap(), code)
    }

    #[test]
    fn what_is_about_the_person_is_permanent() {
        for code in [21211, 21408, 21610, 21612, 21614, 63024] {
            let permanent = SendError::Permanent(format!("error {code}"));
            assert_eq!(judged(400, code), permanent);
        }
    }

    #[test]
    fn what_the_operator_can_mend_or_time_will_is_temporary() {
        // A sender that is not ours, a trial account's limits, no approved template, filtered
        // content, a telephone that is switched off.
        for code in [21606, 21608, 63016, 30007, 30003] {
            let temporary = SendError::Temporary(format!("error {code}"));
            assert_eq!(judged(400, code), temporary);
        }
    }

    #[test]
    fn a_server_that_is_busy_unwell_or_closed_to_us_says_nothing_about_people() {
        for status in [429, 500, 503] {
            let unwell = SendError::Unwell("error 21211".to_owned());
            assert_eq!(judged(status, 21211), unwell);
        }
        for (status, code) in [(401, 20003), (404, 20404)] {
            let unwell = SendError::Unwell(format!("error {code}"));
            assert_eq!(judged(status, code), unwell);
        }
    }
}
