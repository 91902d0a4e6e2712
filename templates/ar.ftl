# Arabic. A sentence begins with an Arabic word where it can, so that a reader that guesses the
# direction from the first letter guesses right.

## A sign-in code

code-subject = { $code } هو رمز { $brand } الخاص بك
code-subject-hidden = رمز { $brand } الخاص بك
code-heading = رمز تسجيل الدخول
code-body =
    { $minutes ->
        [zero] يُستخدم مرة واحدة فقط، وهو صالح لأقل من دقيقة.
        [one] يُستخدم مرة واحدة فقط، وهو صالح لمدة دقيقة واحدة.
        [two] يُستخدم مرة واحدة فقط، وهو صالح لمدة دقيقتين.
        [few] يُستخدم مرة واحدة فقط، وهو صالح لمدة { $minutes } دقائق.
        [many] يُستخدم مرة واحدة فقط، وهو صالح لمدة { $minutes } دقيقة.
       *[other] يُستخدم مرة واحدة فقط، وهو صالح لمدة { $minutes } دقيقة.
    }
code-origin = مصدر الطلب
code-advice = لن يطلب منك أي شخص من { $brand } هذا الرمز أبدًا. إذا لم تحاول تسجيل الدخول، فيمكنك تجاهل هذه الرسالة.
code-text =
    { $minutes ->
        [zero] { $code } هو رمزك لدى { $brand }، صالح لأقل من دقيقة. لا تشاركه.
        [one] { $code } هو رمزك لدى { $brand }، صالح لدقيقة واحدة. لا تشاركه.
        [two] { $code } هو رمزك لدى { $brand }، صالح لدقيقتين. لا تشاركه.
        [few] { $code } هو رمزك لدى { $brand }، صالح لمدة { $minutes } دقائق. لا تشاركه.
        [many] { $code } هو رمزك لدى { $brand }، صالح لمدة { $minutes } دقيقة. لا تشاركه.
       *[other] { $code } هو رمزك لدى { $brand }، صالح لمدة { $minutes } دقيقة. لا تشاركه.
    }

## A sign-in from a device that is new

new-device-subject = تسجيل دخول جديد إلى حسابك في { $brand }
new-device-heading = تسجيل دخول جديد
new-device-body = تم تسجيل الدخول إلى حسابك في { $brand } من جهاز لم تستخدمه من قبل.
new-device-origin = مصدر تسجيل الدخول
new-device-advice = إذا كنت أنت من سجّل الدخول، فلا يلزمك اتخاذ أي إجراء. وإلا فسجّل الخروج من جميع الأجهزة الآن.
new-device-text = تسجيل دخول جديد إلى حسابك في { $brand } ({ $time }). إذا لم تكن أنت، فسجّل الخروج من جميع الأجهزة.

## A refresh token that was used twice

token-reuse-subject = أنهينا إحدى جلسات حسابك في { $brand }
token-reuse-heading = تم إنهاء إحدى الجلسات
token-reuse-body = استُخدم رمز إحدى جلسات حسابك في { $brand } مرتين، وقد يعني ذلك أن شخصًا ما قد نسخه. حرصًا على أمانك، أنهينا تلك الجلسة.
token-reuse-origin = مصدر الاستخدام
token-reuse-advice = قد تحتاج إلى تسجيل الدخول مرة أخرى. إذا لاحظت أي شيء غير معتاد، فسجّل الخروج من جميع الأجهزة.
token-reuse-text = حرصًا على أمانك، أنهينا إحدى جلسات حسابك في { $brand } لأن رمزها استُخدم مرتين. سجّل الدخول مرة أخرى.

## The lines on where it came from

label-device = الجهاز:
label-address = عنوان IP التقريبي:
label-time = الوقت:
device-name = { $browser } على { $system }
