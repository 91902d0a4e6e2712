# Hindi, in the formal register.

## A sign-in code

code-subject = { $code } आपका { $brand } कोड है
code-subject-hidden = आपका { $brand } कोड
code-heading = आपका साइन-इन कोड
code-body = यह कोड { $minutes } मिनट तक मान्य है और केवल एक बार काम करता है।
code-origin = अनुरोध का स्रोत
code-advice = { $brand } का कोई भी व्यक्ति आपसे यह कोड कभी नहीं माँगेगा। यदि आपने साइन इन करने की कोशिश नहीं की, तो इस संदेश को अनदेखा कर सकते हैं।
code-text = { $code } आपका { $brand } कोड है, { $minutes } मिनट तक मान्य। किसी को न बताएँ।

## A sign-in from a device that is new

new-device-subject = आपके { $brand } खाते में नया साइन-इन
new-device-heading = नया साइन-इन
new-device-body = आपके { $brand } खाते में एक ऐसे डिवाइस से साइन इन किया गया, जिसका उपयोग आपने पहले नहीं किया था।
new-device-origin = साइन-इन का स्रोत
new-device-advice = यदि यह आपने किया है, तो कुछ करने की आवश्यकता नहीं है। यदि नहीं, तो अभी सभी डिवाइसों से साइन आउट करें।
new-device-text = आपके { $brand } खाते में नया साइन-इन ({ $time })। यदि यह आपने नहीं किया, तो सभी डिवाइसों से साइन आउट करें।

## A refresh token that was used twice

token-reuse-subject = हमने आपके { $brand } खाते का एक सत्र समाप्त कर दिया है
token-reuse-heading = एक सत्र समाप्त कर दिया गया
token-reuse-body = आपके { $brand } खाते का एक साइन-इन टोकन दो बार उपयोग किया गया; संभव है कि किसी ने उसकी नकल कर ली हो। सुरक्षा के लिए हमने वह सत्र समाप्त कर दिया है।
token-reuse-origin = उपयोग का स्रोत
token-reuse-advice = आपको फिर से साइन इन करना पड़ सकता है। यदि कुछ असामान्य लगे, तो सभी डिवाइसों से साइन आउट करें।
token-reuse-text = सुरक्षा के लिए हमने आपके { $brand } खाते का एक सत्र समाप्त कर दिया है, क्योंकि उसका टोकन दो बार उपयोग किया गया। कृपया फिर से साइन इन करें।

## The lines on where it came from

label-device = डिवाइस:
label-address = अनुमानित IP पता:
label-time = समय:
device-name = { $system } पर { $browser }
