# `just` lists the recipes; `just check` is what CI runs.

postgres := env("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")

_default:
    @just --list --unsorted

# Serve on http://127.0.0.1:8000, with codes on the console
run *args:
    cargo run -- {{ args }}

# Build the playground that `cargo run --features playground` has in itself; needs Node.js
playground:
    cd web/playground && npm ci --no-audit --no-fund && npm run build

# The playground's lints and tests, then sign in by it in a browser; needs `just playground` and chromium
playground-test *args:
    cargo clippy --workspace --all-targets --features playground --locked -- -D warnings
    cargo test --test it --features playground --locked playground
    cargo build --features playground --locked
    cd web/playground && npx playwright test {{ args }}

# Take the picture of the playground in docs/images anew; needs `just playground` and chromium
playground-picture:
    cargo build --features playground --locked
    cd web/playground && PICTURE="{{ justfile_directory() }}/docs/images/playground.png" npx playwright test --grep "lead through"
    cd docs/images && { pngquant --force --ext .png --strip playground.png || optipng -quiet -strip all playground.png; }

# All that must hold before a change goes in
check: fmt lint doc deny schema-drift test

# The code is formatted
fmt:
    cargo fmt --all --check

# No lint speaks, in any target
lint:
    cargo clippy --workspace --all-targets --locked -- -D warnings

# The documentation builds, and no link in it is broken
doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items --locked

# No banned crate, no unknown licence, no source but crates.io
deny:
    cargo deny --locked check --hide-inclusion-graph bans licenses sources

# The suite, on a temporary SQLite file
test *args:
    cargo test --workspace --locked {{ args }}

# The suite, on PostgreSQL: TEST_DATABASE_URL, or the one on this machine
test-postgres *args:
    TEST_DATABASE_URL="{{ postgres }}" cargo test --test it --locked {{ args }}

# schema.graphql is what the server prints
schema-drift:
    cargo run --quiet --locked -- schema | diff -u schema.graphql - \
        || { echo 'schema.graphql is not what the server prints: run `just schema`.' >&2; exit 1; }

# Write schema.graphql anew
schema:
    cargo run --quiet -- schema > target/schema.graphql
    mv target/schema.graphql schema.graphql

# The schema is linted, breaks no client of the last release, and is what pages and examples ask; needs Node
schema-check:
    web/schema/check

# Sign in with every client of examples/clients; needs Node, Python and Rust
clients *names:
    cargo build --quiet --locked
    examples/clients/run {{ names }}

# Compile the code on the pages for frontend developers, and see it refresh; needs Node
frontend-pages:
    examples/frontend/check

# Verify good and forged access tokens as other backends do; needs Node, Python, Go, Rust and libfaketime
verify-jwt *names:
    cargo build --quiet --locked
    examples/verify-jwt/run {{ names }}

# Take the pictures of the e-mails in docs/images anew; needs chromium and the Noto fonts
pictures:
    docs/images/render

# GraphQL over HTTP: every audit of the npm package graphql-http; needs Node 20 and npm
audit-http: (_web "audits")

# Pages of strangers in the browser of who is signed in by cookies; needs Node 20, npm and Chromium
hostile-pages: (_web "hostile")

_web project:
    cargo build --quiet --locked
    cd "web/{{ project }}" && npm ci --no-audit --no-fund --loglevel=error && npm test

# The example apps: installed, formatted, typed after the contract, linted, alike, and built. Needs npm
examples:
    npm --prefix web/e2e ci --no-audit --no-fund --silent
    npm --prefix web/e2e run --silent format -- --check
    npm --prefix web/e2e run --silent typecheck
    npm --prefix web/e2e run --silent lint
    for app in apollo urql; do \
        npm --prefix examples/$app ci --no-audit --no-fund --silent && \
        npm --prefix examples/$app run --silent codegen -- --check && \
        npm --prefix examples/$app run --silent typecheck && \
        npm --prefix examples/$app run --silent lint && \
        npm --prefix examples/$app run --silent build || exit 1; \
    done
    diff -r -x client.ts -x hooks.ts -x main.tsx examples/apollo/src examples/urql/src

# Drive the example apps in Chromium against the server, after `just examples`. Needs chromium and faketime
e2e *args:
    cargo build --locked
    cd web/e2e && npx playwright test {{ args }}

# Take the pictures of the example apps in docs/images/examples anew, after `just examples`; needs pngquant
screenshots:
    cargo build --locked
    npm --prefix web/e2e run screenshots
    pngquant --force --ext .png --speed 1 --strip 64 docs/images/examples/*.png

# Known vulnerabilities. Apart from `check`: the database is fetched from GitHub by git
audit:
    @cargo deny --locked fetch db \
        || { echo 'The advisory database cannot be fetched from here, so NOTHING was audited.' >&2; exit 1; }
    cargo deny --locked check --disable-fetch advisories

# It is what Cargo resolves: some crates that no feature of ours compiles, `ring` for one, are in it.
# What is in the binary: a CycloneDX bill of materials in target/sbom.json; needs cargo-cyclonedx
sbom:
    cargo cyclonedx --quiet --format json --spec-version 1.5 --describe binaries --no-build-deps
    mkdir -p target && mv countersign_bin.cdx.json target/sbom.json
    @echo "target/sbom.json: $(grep -c '"purl"' target/sbom.json) components"

# How fast it is, beside the limits of this machine; needs wrk, PostgreSQL and Python. Fifteen minutes
bench *args:
    bench/run {{ args }}

# How fast messages go out, on the release binary and PostgreSQL; needs wrk and Postfix's smtp-sink
bench-delivery:
    bench/delivery/run

# What growth costs: 10 thousand people, a million, ten million, or these sizes; see bench/growth/README.md
growth *sizes:
    bench/growth/run {{ sizes }}

# Several instances, PgBouncer, a replica, SQLite: what holds, and how fast; see bench/scale/README.md
scale *names:
    bench/scale/run {{ names }}

# How long single functions take on this machine; `just bench-micro token` for those named so
bench-micro *args:
    cd bench/micro && cargo bench --locked --bench time -- {{ args }}

# No function takes 5 % more instructions than in bench/baseline.json; needs valgrind and gungraun-runner
instructions:
    bench/micro/instructions

# Take the instructions that functions need now for the baseline; needs what `just instructions` needs
bench-baseline:
    bench/micro/instructions --renew

# How often a sign-in waits for PostgreSQL, by its own count; needs PostgreSQL's programs and Python
round-trips:
    bench/round-trips/run

# What holds when the database stops, a server is killed, the disk is full, …; see bench/faults/README.md
faults *names:
    bench/faults/run {{ names }}

# What an attack of 10,000 numbers gets sent: with the guard, the budgets, all, nothing. Ten minutes
toll-fraud:
    TOLL_FRAUD_FULL=1 cargo test --test it --locked toll::attack -- --nocapture --test-threads 1

# Whether a stopwatch tells who has an account: 2,000 samples of each case, in turns
timing:
    TIMING_FULL=1 cargo test --test it --locked timing:: -- --nocapture --test-threads 1

# Fuzz all that reads what strangers send, so many seconds each; needs a nightly toolchain and cargo-fuzz
fuzz seconds="600":
    for target in $(cargo +nightly fuzz list); do \
        mkdir -p "fuzz/corpus/$target" && \
        cargo +nightly fuzz run "$target" "fuzz/corpus/$target" $(ls -d "fuzz/seeds/$target" 2>/dev/null) \
            -- -max_total_time={{ seconds }} -timeout=1 -print_final_stats=1 || exit 1; \
    done
