# Simplified Chinese.

## A sign-in code

code-subject = { $code } 是您的 { $brand } 验证码
code-subject-hidden = 您的 { $brand } 验证码
code-heading = 您的登录验证码
code-body = 此验证码仅可使用一次，{ $minutes } 分钟内有效。
code-origin = 请求来源
code-advice = { $brand } 的任何人员都不会向您索要此验证码。如果您没有尝试登录，请忽略此邮件。
code-text = { $code } 是您的 { $brand } 登录验证码，{ $minutes } 分钟内有效，请勿告知他人。

## A sign-in from a device that is new

new-device-subject = 您的 { $brand } 账号有新的登录
new-device-heading = 新的登录
new-device-body = 有人在一台您此前未使用过的设备上登录了您的 { $brand } 账号。
new-device-origin = 登录来源
new-device-advice = 如果是您本人操作，则无需任何处理。如果不是，请立即退出所有设备上的登录。
new-device-text = 您的 { $brand } 账号有新的登录（{ $time }）。如非本人操作，请立即退出所有设备上的登录。

## A refresh token that was used twice

token-reuse-subject = 我们已结束您的 { $brand } 账号的一个会话
token-reuse-heading = 一个会话已结束
token-reuse-body = 您的 { $brand } 账号的一个登录令牌被使用了两次，这可能意味着它已被他人复制。为安全起见，我们已结束该会话。
token-reuse-origin = 使用来源
token-reuse-advice = 您可能需要重新登录。如果发现任何异常，请退出所有设备上的登录。
token-reuse-text = 您的 { $brand } 账号的一个登录令牌被使用了两次，为安全起见，我们已结束该会话。请重新登录。

## The lines on where it came from

label-device = 设备：
label-address = 大致 IP 地址：
label-time = 时间：
device-name = { $system } 上的 { $browser }
