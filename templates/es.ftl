# Spanish, in the formal register.

## A sign-in code

code-subject = { $code } es su código de { $brand }
code-subject-hidden = Su código de { $brand }
code-heading = Su código de acceso
code-body =
    { $minutes ->
        [one] Solo funciona una vez, durante un minuto.
       *[other] Solo funciona una vez, durante { $minutes } minutos.
    }
code-origin = Solicitado desde
code-advice = Nadie de { $brand } le pedirá nunca este código. Si usted no ha intentado iniciar sesión, puede ignorar este mensaje.
# GSM-7 lacks á, í, ó and ú: one of them more than halves what a message holds, so that operators
# write SMS without them.
code-text = { $code } es su codigo de { $brand }, valido durante { $minutes } min. No lo comparta con nadie.

## A sign-in from a device that is new

new-device-subject = Nuevo inicio de sesión en su cuenta de { $brand }
new-device-heading = Nuevo inicio de sesión
new-device-body = Se ha iniciado sesión en su cuenta de { $brand } desde un dispositivo que usted no había utilizado antes.
new-device-origin = Sesión iniciada desde
new-device-advice = Si ha sido usted, no tiene que hacer nada. Si no, cierre ahora la sesión en todos los dispositivos.
new-device-text = Nuevo acceso a su cuenta de { $brand } ({ $time }). Si no ha sido usted, cierre la sesion en todos los dispositivos.

## A refresh token that was used twice

token-reuse-subject = Hemos cerrado una sesión de su cuenta de { $brand }
token-reuse-heading = Se ha cerrado una sesión
token-reuse-body = Un token de acceso de su cuenta de { $brand } se ha utilizado dos veces, lo que puede significar que alguien lo ha copiado. Por seguridad, hemos cerrado esa sesión.
token-reuse-origin = Utilizado desde
token-reuse-advice = Es posible que tenga que volver a iniciar sesión. Si observa algo extraño, cierre la sesión en todos los dispositivos.
token-reuse-text = { $brand }: por seguridad hemos cerrado una sesion de su cuenta, pues su token se uso dos veces. Vuelva a iniciar sesion.

## The lines on where it came from

label-device = Dispositivo:
label-address = Dirección IP aproximada:
label-time = Fecha y hora:
device-name = { $browser } en { $system }
