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
                    distance(&typed, key)
                },
                key,
            )
        })
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance <= near)
        .map(|(_, key)| key)
}

/// Levenshtein's: letters to add, drop or change.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, other) in b.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
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

    #[test]
    fn distances_are_levenshteins() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", "abc"), 0);
    }
}
