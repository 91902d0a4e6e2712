# Japanese.

## A sign-in code

code-subject = { $code } は { $brand } の認証コードです
code-subject-hidden = { $brand } の認証コード
code-heading = ログイン用の認証コード
code-body = このコードは { $minutes } 分以内に 1 回のみ使用できます。
code-origin = リクエスト元
code-advice = { $brand } の担当者がこのコードをお尋ねすることは決してありません。ログインに心当たりがない場合は、このメールを無視してください。
code-text = { $code } は { $brand } の認証コードです（{ $minutes } 分間有効）。他人に教えないでください。

## A sign-in from a device that is new

new-device-subject = { $brand } アカウントへの新しいログイン
new-device-heading = 新しいログイン
new-device-body = お使いの { $brand } アカウントに、これまで使用されたことのないデバイスからログインがありました。
new-device-origin = ログイン元
new-device-advice = ご本人によるログインの場合、対応は不要です。心当たりがない場合は、すぐにすべてのデバイスからログアウトしてください。
new-device-text = { $brand } アカウントに新しいログインがありました（{ $time }）。心当たりがない場合は、すべてのデバイスからログアウトしてください。

## A refresh token that was used twice

token-reuse-subject = { $brand } アカウントのセッションを終了しました
token-reuse-heading = セッションを終了しました
token-reuse-body = お使いの { $brand } アカウントのログイントークンが 2 回使用されました。第三者に複製された可能性があるため、安全のためこのセッションを終了しました。
token-reuse-origin = 使用元
token-reuse-advice = もう一度ログインが必要になる場合があります。不審な点がある場合は、すべてのデバイスからログアウトしてください。
token-reuse-text = { $brand } アカウントのトークンが 2 回使用されたため、安全のためセッションを終了しました。もう一度ログインしてください。

## The lines on where it came from

label-device = デバイス：
label-address = おおよその IP アドレス：
label-time = 日時：
device-name = { $browser }（{ $system }）
