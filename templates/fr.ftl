# French, in the formal register.

## A sign-in code

code-subject = { $code } est votre code { $brand }
code-subject-hidden = Votre code { $brand }
code-heading = Votre code de connexion
code-body =
    { $minutes ->
        [one] Il ne fonctionne qu’une fois, pendant une minute.
       *[other] Il ne fonctionne qu’une fois, pendant { $minutes } minutes.
    }
code-origin = Demandé depuis
code-advice = Personne chez { $brand } ne vous demandera jamais ce code. Si vous n’avez pas essayé de vous connecter, vous pouvez ignorer ce message.
# GSM-7 has à, é, è and ù, but neither ç, ê nor the curly apostrophe: one of them more than halves
# what a message holds.
code-text = { $code } est votre code { $brand }, valable { $minutes } min. Ne le communiquez à personne.

## A sign-in from a device that is new

new-device-subject = Nouvelle connexion à votre compte { $brand }
new-device-heading = Nouvelle connexion
new-device-body = Une connexion à votre compte { $brand } a eu lieu depuis un appareil que vous n’aviez encore jamais utilisé.
new-device-origin = Connexion depuis
new-device-advice = Si c’était vous, vous n’avez rien à faire. Sinon, déconnectez-vous dès maintenant de tous les appareils.
new-device-text = Nouvelle connexion à votre compte { $brand } ({ $time }). Ce n'était pas vous ? Déconnectez tous les appareils.

## A refresh token that was used twice

token-reuse-subject = Nous avons fermé une session de votre compte { $brand }
token-reuse-heading = Une session a été fermée
token-reuse-body = Un jeton de connexion de votre compte { $brand } a été utilisé deux fois, ce qui peut signifier que quelqu’un l’a copié. Par sécurité, nous avons fermé cette session.
token-reuse-origin = Utilisé depuis
token-reuse-advice = Vous devrez peut-être vous reconnecter. Si vous remarquez quelque chose d’inhabituel, déconnectez-vous de tous les appareils.
token-reuse-text = { $brand } : par sécurité, une session de votre compte a été fermée, car son jeton a servi deux fois. Reconnectez-vous.

## The lines on where it came from

label-device = Appareil :
label-address = Adresse IP approximative :
label-time = Date et heure :
device-name = { $browser } sur { $system }
