//! How telephone numbers are read.

use super::form::Form;
use super::key::{Default, Key};
use super::reader::Reader;
use crate::domain::phone::Region;

/// How telephone numbers are read.
#[derive(Clone, Copy, Debug)]
pub struct PhoneConfig {
    /// The country of a number without a country code; `None` refuses such numbers.
    pub default_region: Option<Region>,
}

const DEFAULT_REGION: Key = Key {
    name: "phone.default_region",
    default: Default::Unset,
    doc: "The country of numbers typed without `+` and country code; without it such numbers are refused.",
};

pub(super) fn read(reader: &mut Reader) -> PhoneConfig {
    let form = Form::new(
        "a country in two letters (ISO 3166), such as `GB`",
        Region::parse,
    );
    PhoneConfig {
        default_region: reader.optional(&DEFAULT_REGION, &form),
    }
}
