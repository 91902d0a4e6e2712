# English: the catalog that every other one is compared with, and the last to be asked.
#
# In `code-…` you may use { $brand }, { $code } and { $minutes }; in `new-device-…` and
# `token-reuse-…` { $brand } and { $time }; in `device-name` { $browser } and { $system }.
#
# The `…-text` messages go out by SMS. Of GSM-7's letters one message holds 160, of any others 70,
# and each further message costs as much again.

## A sign-in code

code-subject = { $code } is your { $brand } code
# Instead, when `messages.code_in_subject` is off.
code-subject-hidden = Your { $brand } code
code-heading = Your sign-in code
code-body =
    { $minutes ->
        [one] It works once, within one minute.
       *[other] It works once, within { $minutes } minutes.
    }
code-origin = Requested from
code-advice = Nobody at { $brand } will ever ask you for this code. If you did not try to sign in, you can ignore this message.
code-text = { $code } is your { $brand } code, good for { $minutes } min. Do not share it.

## A sign-in from a device that is new

new-device-subject = New sign-in to your { $brand } account
new-device-heading = New sign-in
new-device-body = Your { $brand } account was signed in to from a device that you had not used before.
new-device-origin = Signed in from
new-device-advice = If it was you, there is nothing to do. If it was not, sign out of all devices now.
new-device-text = New sign-in to your { $brand } account ({ $time }). Not you? Sign out of all devices.

## A refresh token that was used twice

token-reuse-subject = We ended a session of your { $brand } account
token-reuse-heading = A session was ended
token-reuse-body = A sign-in token of your { $brand } account was used twice, which can mean that somebody copied it. To be safe, we ended that session.
token-reuse-origin = Used from
token-reuse-advice = You may have to sign in again. If you notice anything unusual, sign out of all devices.
token-reuse-text = { $brand }: to be safe, we ended a session of your account, since its token was used twice. Please sign in again.

## The lines on where it came from

label-device = Device:
label-address = Approximate IP address:
label-time = Time:
device-name = { $browser } on { $system }
