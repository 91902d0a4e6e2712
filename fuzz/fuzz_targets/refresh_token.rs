//! A text is a refresh token of ours in one spelling only, and no text is one by chance. To let
//! the fuzzer get past the signature, it also alters tokens that are good.
#![no_main]

use std::sync::LazyLock;

use countersign::domain::secret::ServerSecret;
use countersign::domain::session::Generation;
use countersign::domain::{ServerSecrets, SessionId};
use countersign::tokens::RefreshTokens;
use libfuzzer_sys::fuzz_target;

static TOKENS: LazyLock<RefreshTokens> = LazyLock::new(|| {
    let secret = ServerSecret::parse(&"5e".repeat(32)).expect("a secret");
    RefreshTokens::new(&ServerSecrets::new(vec![secret]).expect("one"))
});

fuzz_target!(|input: (&str, u8, u32, u8)| {
    let (text, at, generation, character) = input;
    assert!(TOKENS.read(text).is_none(), "nobody forges one");

    let written = TOKENS.write(SessionId(Default::default()), Generation(generation));
    let (_, read) = TOKENS.read(written.reveal()).expect("our own");
    assert_eq!(read.0, generation);

    let mut altered = written.reveal().as_bytes().to_vec();
    let at = usize::from(at) % altered.len();
    if altered[at] != character {
        altered[at] = character;
        let altered = String::from_utf8_lossy(&altered);
        assert!(TOKENS.read(&altered).is_none(), "no other spelling is good");
    }
});
