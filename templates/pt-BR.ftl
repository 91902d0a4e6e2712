# Brazilian Portuguese.

## A sign-in code

code-subject = { $code } é seu código { $brand }
code-subject-hidden = Seu código { $brand }
code-heading = Seu código de acesso
code-body =
    { $minutes ->
        [one] Ele funciona uma única vez, durante um minuto.
       *[other] Ele funciona uma única vez, durante { $minutes } minutos.
    }
code-origin = Solicitado a partir de
code-advice = Ninguém da equipe { $brand } vai pedir este código a você. Se você não tentou entrar, pode ignorar esta mensagem.
# GSM-7 has à and é, but neither ã, ç, ó nor ê: one of them more than halves what a message holds,
# so that operators write SMS without them.
code-text = { $code } é seu codigo { $brand }, valido por { $minutes } min. Nao compartilhe com ninguem.

## A sign-in from a device that is new

new-device-subject = Novo acesso à sua conta { $brand }
new-device-heading = Novo acesso
new-device-body = Sua conta { $brand } foi acessada a partir de um dispositivo que você ainda não havia usado.
new-device-origin = Acesso a partir de
new-device-advice = Se foi você, não é preciso fazer nada. Se não foi, saia agora de todos os dispositivos.
new-device-text = Novo acesso à sua conta { $brand } ({ $time }). Nao foi voce? Saia de todos os dispositivos.

## A refresh token that was used twice

token-reuse-subject = Encerramos uma sessão da sua conta { $brand }
token-reuse-heading = Uma sessão foi encerrada
token-reuse-body = Um token de acesso da sua conta { $brand } foi usado duas vezes, o que pode significar que alguém o copiou. Por segurança, encerramos essa sessão.
token-reuse-origin = Usado a partir de
token-reuse-advice = Talvez seja preciso entrar novamente. Se notar algo incomum, saia de todos os dispositivos.
token-reuse-text = { $brand }: por seguranca, encerramos uma sessao da sua conta, pois o token foi usado duas vezes. Entre novamente.

## The lines on where it came from

label-device = Dispositivo:
label-address = Endereço IP aproximado:
label-time = Data e hora:
device-name = { $browser } no { $system }
