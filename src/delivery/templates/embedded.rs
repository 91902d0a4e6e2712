//! The templates that are built in.

/// Each language's catalog, in the order of preference among equals.
pub(super) const CATALOGS: [(&str, &str); 10] = [
    ("en", include_str!("../../../templates/en.ftl")),
    ("zh-Hans", include_str!("../../../templates/zh-Hans.ftl")),
    ("es", include_str!("../../../templates/es.ftl")),
    ("fr", include_str!("../../../templates/fr.ftl")),
    ("de", include_str!("../../../templates/de.ftl")),
    ("pt-BR", include_str!("../../../templates/pt-BR.ftl")),
    ("ja", include_str!("../../../templates/ja.ftl")),
    ("ar", include_str!("../../../templates/ar.ftl")),
    ("hi", include_str!("../../../templates/hi.ftl")),
    ("vi", include_str!("../../../templates/vi.ftl")),
];

/// The language that is asked last, and that has every message.
pub(super) const LAST_RESORT: &str = CATALOGS[0].0;

/// What is put around the messages.
pub(super) const LAYOUTS: [(&str, &str); 3] = [
    ("email.html", include_str!("../../../templates/email.html")),
    ("email.txt", include_str!("../../../templates/email.txt")),
    ("text.txt", include_str!("../../../templates/text.txt")),
];
