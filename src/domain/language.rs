//! Which language to write in.

use icu_locale::{LanguageIdentifier, LocaleCanonicalizer, LocaleDirectionality, LocaleExpander};

use super::Locale;

/// The languages that messages are written in, and the one for everybody else.
#[derive(Clone, Debug)]
pub struct Languages {
    available: Vec<Available>,
    default: Locale,
}

#[derive(Clone, Debug)]
struct Available {
    locale: Locale,
    /// With the script and region that its speakers mean when they leave them out.
    full: LanguageIdentifier,
}

/// A longer header is no browser's; it is not even looked at.
const MAX_HEADER_BYTES: usize = 1_000;
/// No person reads more languages than this.
const MAX_RANGES: usize = 20;

impl Languages {
    /// Takes what is `available`, in the order of preference among equals. `None` when `default`
    /// is not among them.
    #[must_use]
    pub fn new(available: impl IntoIterator<Item = Locale>, default: Locale) -> Option<Self> {
        let with_full = |locale: Locale| {
            Some(Available {
                full: full(locale.as_str())?,
                locale,
            })
        };
        let available: Vec<_> = available.into_iter().filter_map(with_full).collect();
        let has_default = available.iter().any(|one| one.locale == default);
        has_default.then_some(Self { available, default })
    }

    /// The language of people of whom nothing is known.
    #[must_use]
    pub fn default_language(&self) -> &Locale {
        &self.default
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Locale> {
        self.available.iter().map(|one| &one.locale)
    }

    /// The language for a person who `asked` for one, and whose browser sent `accept_language`:
    /// the first that is there, and the default if none is.
    #[must_use]
    pub fn choose(&self, asked: Option<&Locale>, accept_language: Option<&str>) -> Locale {
        asked
            .and_then(|asked| self.nearest(asked.as_str()))
            .or_else(|| {
                let wanted = by_preference(accept_language.unwrap_or_default());
                wanted.into_iter().find_map(|tag| self.nearest(tag))
            })
            .unwrap_or(&self.default)
            .clone()
    }

    /// Whoever reads the language in its script can read it as written in any region, so that
    /// `pt-PT` gets `pt-BR`; but `zh-TW` is written in another script than `zh-Hans`.
    fn nearest(&self, tag: &str) -> Option<&Locale> {
        let wanted = full(tag)?;
        let readable = |one: &&Available| {
            one.full.language == wanted.language && one.full.script == wanted.script
        };
        let candidates = || self.available.iter().filter(readable);
        candidates()
            .find(|one| one.full.region == wanted.region)
            .or_else(|| candidates().find(|one| one.locale == self.default))
            .or_else(|| candidates().next())
            .map(|one| &one.locale)
    }
}

/// Whether the language is written from right to left.
#[must_use]
pub fn is_right_to_left(language: &Locale) -> bool {
    let direction = LocaleDirectionality::new_extended();
    full(language.as_str()).is_some_and(|full| direction.is_right_to_left(&full))
}

/// `iw` is `he`, and `zh-TW` is `zh-Hant-TW`. `None` for what names no language, such as `*`.
fn full(tag: &str) -> Option<LanguageIdentifier> {
    let mut locale: icu_locale::Locale = tag.parse().ok()?;
    LocaleCanonicalizer::new_extended().canonicalize(&mut locale);
    if locale.id.language.is_unknown() {
        return None;
    }
    LocaleExpander::new_extended().maximize(&mut locale.id);
    Some(locale.id)
}

/// The language ranges of an `Accept-Language` (RFC 9110, section 12.5.4), the dearest first,
/// without those that are refused.
fn by_preference(header: &str) -> Vec<&str> {
    if header.len() > MAX_HEADER_BYTES {
        return Vec::new();
    }
    let mut ranges: Vec<_> = header
        .split(',')
        .take(MAX_RANGES)
        .filter_map(weighed)
        .collect();
    // Stable: among equals the order of the header holds.
    ranges.sort_by(|one, other| other.0.total_cmp(&one.0));
    ranges.into_iter().map(|(_, tag)| tag).collect()
}

/// `de;q=0.8`. `None` when it is refused (`q=0`), or is not of this form.
fn weighed(range: &str) -> Option<(f32, &str)> {
    let (tag, parameters) = range.split_once(';').unwrap_or((range, "q=1"));
    let weight = parameters.trim().strip_prefix(['q', 'Q'])?;
    let weight: f32 = weight.trim_start().strip_prefix('=')?.trim().parse().ok()?;
    (weight > 0.0 && weight <= 1.0).then_some((weight, tag.trim()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn locale(tag: &str) -> Locale {
        Locale::parse(tag).unwrap()
    }

    fn languages(default: &str) -> Languages {
        let tags = [
            "en", "zh-Hans", "es", "fr", "de", "pt-BR", "ja", "ar", "hi", "vi",
        ];
        Languages::new(tags.map(locale), locale(default)).unwrap()
    }

    fn asked(tag: &str) -> String {
        let chosen = languages("vi").choose(Some(&locale(tag)), None);
        chosen.as_str().to_owned()
    }

    fn accepted(header: &str) -> String {
        let chosen = languages("vi").choose(None, Some(header));
        chosen.as_str().to_owned()
    }

    #[test]
    fn a_reader_gets_the_language_in_a_script_that_they_read() {
        for (tag, wanted) in [
            ("en-GB", "en"),
            ("es-419", "es"),
            ("pt", "pt-BR"),
            ("pt-PT", "pt-BR"),
            ("de-AT-1996", "de"),
            ("zh", "zh-Hans"),
            ("zh-CN", "zh-Hans"),
            ("zh-Hans-SG", "zh-Hans"),
            ("cmn", "zh-Hans"),
            ("ar-EG-u-nu-latn", "ar"),
            ("hi-Latn", "vi"),
            ("zh-TW", "vi"),
            ("zh-HK", "vi"),
            ("zh-Hant", "vi"),
            ("nl", "vi"),
            ("und", "vi"),
        ] {
            assert_eq!(asked(tag), wanted, "{tag}");
        }
    }

    #[test]
    fn the_region_decides_among_several() {
        let tags = ["pt-BR", "pt-PT", "en"].map(locale);
        let languages = Languages::new(tags, locale("en")).unwrap();
        for (tag, wanted) in [("pt-PT", "pt-PT"), ("pt", "pt-BR"), ("pt-AO", "pt-BR")] {
            let chosen = languages.choose(Some(&locale(tag)), None);
            assert_eq!(chosen.as_str(), wanted, "{tag}");
        }
    }

    #[test]
    fn a_browsers_weights_are_honoured() {
        for (header, wanted) in [
            ("de", "de"),
            ("fr;q=0.4, ja;q=0.8, de;q=0.4", "ja"),
            ("nl, zh-TW;q=0.9, fr ; Q = 0.5", "fr"),
            ("de;q=0, fr;q=0.1", "fr"),
            ("de;q=0", "vi"),
            ("*", "vi"),
            ("*, fr;q=0.5", "fr"),
            ("de;q=2, fr;q=x, es;q=NaN, ja;q=-1, hi;level=1", "vi"),
            (",,;;q=,;q=1,en", "en"),
            ("", "vi"),
        ] {
            assert_eq!(accepted(header), wanted, "{header}");
        }
        assert_eq!(accepted(&format!("de,{}", "x".repeat(10_000))), "vi");
        assert_eq!(accepted(&format!("{}de", "nl,".repeat(20))), "vi");
    }

    #[test]
    fn who_asks_is_heard_before_their_browser() {
        let choose = |tag: &str| languages("en").choose(Some(&locale(tag)), Some("de"));
        assert_eq!(choose("ja").as_str(), "ja");
        assert_eq!(choose("nl").as_str(), "de", "asked for in vain");
    }

    #[test]
    fn the_default_is_one_of_them() {
        assert!(Languages::new([locale("en")], locale("nl")).is_none());
        assert_eq!(languages("de").choose(None, None).as_str(), "de");
    }

    #[test]
    fn scripts_run_the_way_they_are_written() {
        for (tag, wanted) in [
            ("ar", true),
            ("he", true),
            ("fa-AF", true),
            ("ur", true),
            ("az-Arab", true),
            ("az", false),
            ("zh-Hans", false),
            ("en", false),
        ] {
            assert_eq!(is_right_to_left(&locale(tag)), wanted, "{tag}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_sent_the_language_is_one_of_them(
            header in any::<String>(),
            likely in "[a-zA-Z*;,=q0-9. -]{0,80}",
            tag in "[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?",
        ) {
            let languages = languages("en");
            let asked = Locale::parse(&tag);
            for header in [header, likely] {
                let chosen = languages.choose(asked.as_ref(), Some(&header));
                prop_assert!(languages.iter().any(|one| *one == chosen));
            }
        }
    }
}
