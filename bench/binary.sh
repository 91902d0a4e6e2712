# shellcheck shell=bash
# Sourced: makes $COUNTERSIGN_BIN the server, built anew by the profile `$1`, unless it is set already;
# and $target the folder that cargo builds into.
root=$(realpath "$(dirname "${BASH_SOURCE[0]}")/..")
target=${CARGO_TARGET_DIR:-$root/target}
if [[ -z "${COUNTERSIGN_BIN:-}" ]]; then
    profile=${1/debug/dev}
    cargo build --manifest-path "$root/Cargo.toml" --profile "$profile" --locked --quiet || exit 1
    export COUNTERSIGN_BIN=$target/$1/countersign
fi
