//! Where Prometheus reads what is counted.

use std::net::SocketAddr;

use super::form::Form;
use super::key::{Default, Key};
use super::reader::Reader;

/// Where Prometheus reads what is counted.
#[derive(Clone, Copy, Debug)]
pub struct MetricsConfig {
    /// The address and port of `/metrics`; `None` counts nothing.
    pub listen: Option<SocketAddr>,
}

const LISTEN: Key = Key {
    name: "metrics.listen",
    default: Default::Unset,
    doc: "Where `/metrics` is served for Prometheus, apart from everything else. Without it nothing is counted.",
};

pub(super) fn read(reader: &mut Reader) -> MetricsConfig {
    let form = Form::new("an address and a port, such as `127.0.0.1:9464`", |text| {
        text.parse().ok()
    });
    MetricsConfig {
        listen: reader.optional(&LISTEN, &form),
    }
}
