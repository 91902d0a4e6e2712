//! What a mistyped key was meant to be.

/// The known key that `typed` comes nearest to, if any comes near.
pub(super) fn nearest<'a>(typed: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let near = (typed.chars().count() / 3).max(2);
    known
        .map(|key| {
            let section_left_out = key.rsplit('.').next() == Some(typed.as_str());
            (
                if section_left_out {
                    1
                } else {
                    strsim::levenshtein(&typed, key)
                },
                key,
            )
        })
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance <= near)
        .map(|(_, key)| key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        let known = || ["http.host", "http.port", "smtp.host", "signup"].into_iter();
        assert_eq!(nearest("http.prot", known()), Some("http.port"));
        assert_eq!(nearest("SMTP.Host", known()), Some("smtp.host"));
        assert_eq!(nearest("sign_up", known()), Some("signup"));
        assert_eq!(nearest("port", known()), Some("http.port"));
        assert_eq!(nearest("colour", known()), None);
    }
}
