# German, in the formal register.

## A sign-in code

code-subject = { $code } ist Ihr Code für { $brand }
code-subject-hidden = Ihr Code für { $brand }
code-heading = Ihr Anmeldecode
code-body =
    { $minutes ->
        [one] Er gilt eine Minute lang und nur einmal.
       *[other] Er gilt { $minutes } Minuten lang und nur einmal.
    }
code-origin = Angefordert von
code-advice = Niemand von { $brand } wird Sie je nach diesem Code fragen. Wenn Sie sich nicht anmelden wollten, können Sie diese Nachricht ignorieren.
# GSM-7 has ä, ö, ü and ß, but no typographic quotes and dashes.
code-text = { $code } ist Ihr Code für { $brand }, { $minutes } Min. gültig. Geben Sie ihn nicht weiter.

## A sign-in from a device that is new

new-device-subject = Neue Anmeldung in Ihrem Konto bei { $brand }
new-device-heading = Neue Anmeldung
new-device-body = In Ihrem Konto bei { $brand } gab es eine Anmeldung von einem Gerät, das Sie bisher nicht benutzt haben.
new-device-origin = Angemeldet von
new-device-advice = Wenn Sie das waren, brauchen Sie nichts zu tun. Wenn nicht, melden Sie sich jetzt auf allen Geräten ab.
new-device-text = Neue Anmeldung in Ihrem Konto bei { $brand } ({ $time }). Waren Sie das nicht? Melden Sie alle Geräte ab.

## A refresh token that was used twice

token-reuse-subject = Wir haben eine Sitzung Ihres Kontos bei { $brand } beendet
token-reuse-heading = Eine Sitzung wurde beendet
token-reuse-body = Ein Anmeldetoken Ihres Kontos bei { $brand } wurde zweimal verwendet; möglicherweise hat es jemand kopiert. Zur Sicherheit haben wir diese Sitzung beendet.
token-reuse-origin = Verwendet von
token-reuse-advice = Möglicherweise müssen Sie sich neu anmelden. Wenn Ihnen etwas ungewöhnlich vorkommt, melden Sie sich auf allen Geräten ab.
token-reuse-text = { $brand }: Zur Sicherheit wurde eine Sitzung Ihres Kontos beendet, da ihr Token zweimal verwendet wurde. Bitte neu anmelden.

## The lines on where it came from

label-device = Gerät:
label-address = Ungefähre IP-Adresse:
label-time = Zeitpunkt:
device-name = { $browser } auf { $system }
