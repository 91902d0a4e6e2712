//! What can be known of a document before it is parsed.
//!
//! The parser descends once per bracket, and several validation rules are quadratic: in the
//! arguments of two equal fields, in the uses of a variable, in the length of a name and how often
//! it is repeated in messages. A bound on tokens, brackets and names is a bound on all of these.

use async_graphql::Pos;

use super::Refusal;

/// The introspection query has about 200.
const MAX_TOKENS: usize = 1_000;
/// Open brackets of any kind. The introspection query has 10.
const MAX_NESTING: usize = 64;
/// In bytes. Generated names (`AccountSettingsPage_sessions_connection`) are well below.
const MAX_NAME: usize = 128;

/// Checks the token stream of `source`, in one pass and without allocating.
pub(super) fn check(source: &str) -> Result<(), Refusal> {
    let bytes = source.as_bytes();
    let (mut at, mut tokens, mut nesting) = (0, 0_usize, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        let rest = &bytes[at..];
        let length = match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b',' => {
                at += 1;
                continue;
            }
            b'#' => {
                at += length_while(rest, |byte| !is_line_end(byte));
                continue;
            }
            b'"' => string_length(rest).ok_or_else(|| Refusal::Syntax {
                at: Some(position(source, at)),
            })?,
            b'{' | b'[' | b'(' => {
                nesting += 1;
                1
            }
            b'}' | b']' | b')' => {
                // An unmatched one is the parser's to refuse.
                nesting = nesting.saturating_sub(1);
                1
            }
            byte if is_word(byte) => {
                let length = length_while(rest, is_word);
                if length > MAX_NAME {
                    return Err(Refusal::TooComplex);
                }
                length
            }
            // Every other byte counts as a token: a spread is four, which errs on the safe side.
            _ => 1,
        };
        at += length;
        tokens += 1;
        if nesting > MAX_NESTING {
            return Err(Refusal::TooDeep);
        }
        if tokens > MAX_TOKENS {
            return Err(Refusal::TooComplex);
        }
    }
    Ok(())
}

/// The length of the string that `rest` starts with, quotes included.
///
/// `None` if it has no end. That must be refused here: the parser reads an unclosed `"""` as an
/// empty string and the start of another, so what seems quoted to us would be brackets to it.
fn string_length(rest: &[u8]) -> Option<usize> {
    let block = rest.starts_with(b"\"\"\"");
    let (quote, escaped): (&[u8], &[u8]) = if block {
        (b"\"\"\"", b"\\\"\"\"")
    } else {
        (b"\"", b"\\\"")
    };
    let mut at = quote.len();
    loop {
        let rest = rest.get(at..).filter(|rest| !rest.is_empty())?;
        if rest.starts_with(quote) {
            return Some(at + quote.len());
        }
        at += match rest[0] {
            _ if rest.starts_with(escaped) => escaped.len(),
            b'\\' if !block => 2,
            byte if !block && is_line_end(byte) => return None,
            _ => 1,
        };
    }
}

fn length_while(bytes: &[u8], keep: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|&&byte| keep(byte)).count()
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

const fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

fn position(source: &str, offset: usize) -> Pos {
    let before = &source[..offset];
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    Pos {
        line: before.matches('\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_strings_and_comments_are_text() {
        let brackets = "[".repeat(100);
        for quoted in [
            format!("{{ f(a: \"{brackets}\") }}"),
            format!("{{ f(a: \"\\\"{brackets}\\\\\") }}"),
            format!("{{ f(a: \"\"\"\n\" {brackets} \\\"\"\" \"\"\") }}"),
            format!("{{ f # {brackets}\n }}"),
        ] {
            assert_eq!(check(&quoted), Ok(()), "{quoted}");
        }
        assert_eq!(
            check(&format!("{{ f(a: \"\" {brackets}")),
            Err(Refusal::TooDeep)
        );
        assert_eq!(
            check(&format!("{{ f # \r {brackets}")),
            Err(Refusal::TooDeep)
        );
    }

    #[test]
    fn an_unclosed_string_hides_nothing_from_the_scan() {
        for source in [
            "{ f(a: \"\"\" \" [[[",
            "{ f(a: \"",
            "{ f(a: \"\\",
            "{ f(a: \"\n\")",
        ] {
            let at = Some(Pos { line: 1, column: 8 });
            assert_eq!(check(source), Err(Refusal::Syntax { at }), "{source}");
        }
    }

    #[test]
    fn tokens_and_names_are_bounded() {
        assert_eq!(check(&"a ".repeat(MAX_TOKENS)), Ok(()));
        assert_eq!(
            check(&"a ".repeat(MAX_TOKENS + 1)),
            Err(Refusal::TooComplex)
        );
        assert_eq!(check(&"a".repeat(MAX_NAME + 1)), Err(Refusal::TooComplex));
        assert_eq!(check(&"...a".repeat(MAX_TOKENS)), Err(Refusal::TooComplex));
    }
}
