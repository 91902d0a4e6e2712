//! Which values of the `OTEL_…` variables do. The SDK says nothing about one that it cannot read,
//! and goes on without it; an operator would look for traces in vain.

use url::Url;

/// A variable with a value that does not do. The value itself may hold a password.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{variable} is not {wanted}\n  {remedy}")]
pub struct Misset {
    variable: &'static str,
    wanted: &'static str,
    remedy: &'static str,
}

/// Where traces go; the first one counts.
const ENDPOINTS: [&str; 2] = [
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
];

/// A variable, what it must be, whether a value is that, and what to do if not.
type Rule = (&'static str, &'static str, fn(&str) -> bool, &'static str);

const PROTOCOL: &str = "`http/protobuf`, the one protocol that is spoken here";
const TO_HTTP: &str = "Unset it, and give the collector's port for OTLP over HTTP, usually 4318, not the one for gRPC.";
const UNCOMPRESSED: &str = "`none`: nothing is compressed here";
const LIST: &str = "a list such as `key=value,other=value`";
const MILLISECONDS: &str = "a number of milliseconds";
const UNSET: &str = "Correct it, or unset it.";

const RULES: [Rule; 13] = [
    (
        ENDPOINTS[0],
        "an http:// or https:// address",
        is_address,
        "Give the whole address, such as `http://127.0.0.1:4318/v1/traces`.",
    ),
    (
        ENDPOINTS[1],
        "an http:// or https:// address",
        is_address,
        "Give the collector's address for OTLP over HTTP, such as `http://127.0.0.1:4318`.",
    ),
    (
        "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
        PROTOCOL,
        is_protocol,
        TO_HTTP,
    ),
    (
        "OTEL_EXPORTER_OTLP_PROTOCOL",
        PROTOCOL,
        is_protocol,
        TO_HTTP,
    ),
    (
        "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION",
        UNCOMPRESSED,
        is_none,
        UNSET,
    ),
    (
        "OTEL_EXPORTER_OTLP_COMPRESSION",
        UNCOMPRESSED,
        is_none,
        UNSET,
    ),
    ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", LIST, is_list, UNSET),
    ("OTEL_EXPORTER_OTLP_HEADERS", LIST, is_list, UNSET),
    (
        "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT",
        MILLISECONDS,
        is_number,
        UNSET,
    ),
    ("OTEL_EXPORTER_OTLP_TIMEOUT", MILLISECONDS, is_number, UNSET),
    ("OTEL_RESOURCE_ATTRIBUTES", LIST, is_list, UNSET),
    (
        "OTEL_TRACES_SAMPLER",
        "a sampler that is known here",
        is_sampler,
        "Use `always_on`, `always_off`, `traceidratio`, or one of these after `parentbased_`.",
    ),
    (
        "OTEL_TRACES_SAMPLER_ARG",
        "a share between 0 and 1",
        is_share,
        UNSET,
    ),
];

/// Judges the variables, and tells whether they ask for traces.
pub(super) fn judge(variable: &dyn Fn(&str) -> Option<String>) -> Result<bool, Misset> {
    // To the SDK, as to the specification, an empty variable is one that is not there.
    let value = |name| variable(name).filter(|value| !value.is_empty());
    let is_disabled = value("OTEL_SDK_DISABLED").is_some_and(|it| it.eq_ignore_ascii_case("true"));
    let exporter = value("OTEL_TRACES_EXPORTER");
    let is_asked = ENDPOINTS.iter().any(|name| value(name).is_some());
    if is_disabled || !is_asked || exporter.as_deref() == Some("none") {
        return Ok(false);
    }
    if exporter.is_some_and(|exporter| exporter != "otlp") {
        return Err(Misset {
            variable: "OTEL_TRACES_EXPORTER",
            wanted: "`otlp` or `none`",
            remedy: UNSET,
        });
    }
    for (variable, wanted, does, remedy) in RULES {
        if value(variable).is_some_and(|value| !does(&value)) {
            return Err(Misset {
                variable,
                wanted,
                remedy,
            });
        }
    }
    let sampler = value("OTEL_TRACES_SAMPLER").unwrap_or_default();
    if sampler.ends_with("traceidratio") && value("OTEL_TRACES_SAMPLER_ARG").is_none() {
        return Err(Misset {
            variable: "OTEL_TRACES_SAMPLER_ARG",
            wanted: "set, and a sampler by ratio needs one",
            remedy: "Set it to the share of traces to keep, such as `0.1`.",
        });
    }
    Ok(true)
}

fn is_address(value: &str) -> bool {
    Url::parse(value).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

fn is_protocol(value: &str) -> bool {
    value.eq_ignore_ascii_case("http/protobuf")
}

fn is_none(value: &str) -> bool {
    value == "none"
}

fn is_list(value: &str) -> bool {
    let mut pairs = value.split_terminator(',');
    pairs.all(|pair| {
        pair.split_once('=')
            .is_some_and(|(key, _)| !key.trim().is_empty())
    })
}

fn is_number(value: &str) -> bool {
    value.parse::<u64>().is_ok()
}

fn is_sampler(value: &str) -> bool {
    let base = value.strip_prefix("parentbased_").unwrap_or(value);
    ["always_on", "always_off", "traceidratio"].contains(&base)
}

fn is_share(value: &str) -> bool {
    value.parse().is_ok_and(|it: f64| (0.0..=1.0).contains(&it))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(set: &[(&str, &str)]) -> Result<bool, &'static str> {
        let variable = |name: &str| {
            let found = set.iter().find(|(it, _)| *it == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        judge(&variable).map_err(|misset| misset.variable)
    }

    const ENDPOINT: (&str, &str) = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318");

    #[test]
    fn traces_are_off_until_somebody_says_where_to() {
        assert_eq!(judged(&[]), Ok(false));
        assert_eq!(judged(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "")]), Ok(false));
        assert_eq!(
            judged(&[("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")]),
            Ok(false)
        );
        assert_eq!(judged(&[ENDPOINT]), Ok(true));
        assert_eq!(judged(&[(ENDPOINTS[0], "https://x/v1/traces")]), Ok(true));
        assert_eq!(
            judged(&[ENDPOINT, ("OTEL_SDK_DISABLED", "TRUE")]),
            Ok(false)
        );
        assert_eq!(
            judged(&[ENDPOINT, ("OTEL_TRACES_EXPORTER", "none")]),
            Ok(false)
        );
    }

    #[test]
    fn a_value_that_the_sdk_would_pass_over_is_told() {
        for (variable, value) in [
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "127.0.0.1:4318"),
            (
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
                "grpc://collector:4317",
            ),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"),
            ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "secret"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "10s"),
            ("OTEL_RESOURCE_ATTRIBUTES", "=x"),
            ("OTEL_TRACES_EXPORTER", "zipkin"),
            ("OTEL_TRACES_SAMPLER", "jaeger_remote"),
            ("OTEL_TRACES_SAMPLER_ARG", "10%"),
            ("OTEL_TRACES_SAMPLER_ARG", "NaN"),
        ] {
            assert_eq!(
                judged(&[ENDPOINT, (variable, value)]),
                Err(variable),
                "{value}"
            );
        }
        let ratio = ("OTEL_TRACES_SAMPLER", "parentbased_traceidratio");
        assert_eq!(judged(&[ENDPOINT, ratio]), Err("OTEL_TRACES_SAMPLER_ARG"));
        assert_eq!(
            judged(&[ENDPOINT, ratio, ("OTEL_TRACES_SAMPLER_ARG", "0.1")]),
            Ok(true)
        );
    }

    #[test]
    fn the_value_is_not_repeated() {
        let variable = |_: &str| Some("http//user:hunter2@collector".to_owned());
        let said = judge(&variable).unwrap_err().to_string();
        assert!(!said.contains("hunter2"), "{said}");
    }
}
