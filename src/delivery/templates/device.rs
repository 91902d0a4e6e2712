//! The device that a request came from, in words of ours.

use woothee::parser::Parser;

/// A browser and a system by their usual names. Never a word of the `User-Agent` itself: whoever
/// asks for a code for somebody else's address would write that person a message through us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Device {
    pub browser: Option<&'static str>,
    pub system: Option<&'static str>,
}

/// What the parser calls them, and what people do.
const BROWSERS: [(&str, &str); 10] = [
    ("Chrome", "Chrome"),
    ("Edge", "Edge"),
    ("Firefox", "Firefox"),
    ("Internet Explorer", "Internet Explorer"),
    ("Opera", "Opera"),
    ("Safari", "Safari"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Google Search App", "Google"),
    ("Vivaldi", "Vivaldi"),
    ("Yandex Browser", "Yandex Browser"),
];

/// By how the parser's name begins, since it tells Windows 10 from Windows 8.
const SYSTEMS: [(&str, &str); 10] = [
    ("Windows", "Windows"),
    ("Mac OSX", "Mac"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("iPod", "iPod"),
    ("iOS", "iOS"),
    ("Android", "Android"),
    ("ChromeOS", "ChromeOS"),
    ("Linux", "Linux"),
    ("BSD", "BSD"),
];

impl Device {
    /// Recognises a `User-Agent`; `None` when neither part is known.
    pub fn recognise(user_agent: &str) -> Option<Self> {
        let parsed = Parser::new().parse(user_agent)?;
        let browser = BROWSERS.iter().find(|(name, _)| *name == parsed.name);
        let system = SYSTEMS.iter().find(|(name, _)| parsed.os.starts_with(name));
        let device = Self {
            browser: browser.map(|(_, name)| *name),
            system: system.map(|(_, name)| *name),
        };
        (device.browser.is_some() || device.system.is_some()).then_some(device)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn named(user_agent: &str) -> Option<(&str, &str)> {
        let device = Device::recognise(user_agent)?;
        Some((device.browser.unwrap_or("?"), device.system.unwrap_or("?")))
    }

    #[test]
    fn what_people_use_is_recognised() {
        for (user_agent, wanted) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
                ("Chrome", "Windows"),
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0",
                ("Edge", "Windows"),
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
                ("Safari", "Mac"),
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:144.0) Gecko/20100101 Firefox/144.0",
                ("Firefox", "Mac"),
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
                ("Firefox", "Linux"),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
                ("Safari", "iPhone"),
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
                ("Samsung Internet", "Android"),
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
                ("Chrome", "Android"),
            ),
        ] {
            assert_eq!(named(user_agent), Some(wanted), "{user_agent}");
        }
    }

    #[test]
    fn what_is_not_a_browser_has_no_name() {
        for user_agent in [
            "",
            "curl/8.5.0",
            "Call +1 900 555 0100 now",
            "okhttp/4.12.0",
        ] {
            assert_eq!(named(user_agent), None, "{user_agent}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>(), likely in "(Mozilla/[0-9.]{0,4} |Windows |NT |Phone |Android[- ]|Mac OS X |[(;)] ?|Version/|[0-9._]{0,3}){0,12}") {
            let _ = Device::recognise(&text);
            let _ = Device::recognise(&likely);
        }
    }
}
