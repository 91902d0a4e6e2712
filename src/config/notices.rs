//! What people are told of.

use super::form::Form;
use super::key::{Default, Key};
use super::reader::Reader;
use crate::domain::notice::NoticePolicy;

const NEW_DEVICE: Key = Key {
    name: "notices.new_device",
    default: Default::Is("true"),
    doc: "Whether people are told, by e-mail, of a sign-in from a device that is not among their sessions.",
};

const TOKEN_REUSE: Key = Key {
    name: "notices.token_reuse",
    default: Default::Is("true"),
    doc: "Whether people are told, by e-mail, that a refresh token was used twice and its session ended.",
};

pub(super) fn read(reader: &mut Reader) -> NoticePolicy {
    NoticePolicy {
        new_device: reader.value(&NEW_DEVICE, &Form::flag()),
        token_reuse: reader.value(&TOKEN_REUSE, &Form::flag()),
    }
}
