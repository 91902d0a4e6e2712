# Vietnamese.

## A sign-in code

code-subject = { $code } là mã { $brand } của bạn
code-subject-hidden = Mã { $brand } của bạn
code-heading = Mã đăng nhập của bạn
code-body = Mã này chỉ dùng được một lần, trong vòng { $minutes } phút.
code-origin = Nơi yêu cầu
code-advice = Không ai ở { $brand } sẽ hỏi bạn mã này. Nếu bạn không tìm cách đăng nhập, bạn có thể bỏ qua thư này.
# GSM-7 has next to none of the marked letters: one of them more than halves what a message holds,
# so that operators in Vietnam write SMS without the marks.
code-text = { $code } la ma { $brand } cua ban, co hieu luc trong { $minutes } phut. Khong chia se ma nay voi bat ky ai.

## A sign-in from a device that is new

new-device-subject = Lượt đăng nhập mới vào tài khoản { $brand } của bạn
new-device-heading = Lượt đăng nhập mới
new-device-body = Tài khoản { $brand } của bạn vừa được đăng nhập từ một thiết bị mà bạn chưa từng sử dụng.
new-device-origin = Nơi đăng nhập
new-device-advice = Nếu đó là bạn, bạn không cần làm gì. Nếu không phải, hãy đăng xuất ngay khỏi mọi thiết bị.
new-device-text = Dang nhap moi vao tai khoan { $brand } cua ban ({ $time }). Neu khong phai ban, hay dang xuat khoi moi thiet bi.

## A refresh token that was used twice

token-reuse-subject = Chúng tôi đã kết thúc một phiên của tài khoản { $brand } của bạn
token-reuse-heading = Một phiên đã được kết thúc
token-reuse-body = Một token đăng nhập của tài khoản { $brand } của bạn đã được dùng hai lần, có thể ai đó đã sao chép token này. Để an toàn, chúng tôi đã kết thúc phiên đó.
token-reuse-origin = Nơi sử dụng
token-reuse-advice = Bạn có thể phải đăng nhập lại. Nếu thấy điều gì bất thường, hãy đăng xuất khỏi mọi thiết bị.
token-reuse-text = { $brand }: de an toan, chung toi da ket thuc mot phien cua tai khoan vi token duoc dung hai lan. Vui long dang nhap lai.

## The lines on where it came from

label-device = Thiết bị:
label-address = Địa chỉ IP gần đúng:
label-time = Thời gian:
device-name = { $browser } trên { $system }
