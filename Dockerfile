# syntax=docker/dockerfile:1

FROM node:22-bookworm-slim AS playground
WORKDIR /src
COPY web/playground/package.json web/playground/package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY web/playground .
RUN npm run build

FROM rust:1.95-slim-bookworm AS build
# The image's own gcc is all that the C in our dependencies needs (SQLite, and AWS-LC, whose build
# takes cmake only on platforms other than x86-64 and arm64).
WORKDIR /src
COPY . .
COPY --from=playground /src/dist web/playground/dist
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --features playground && \
    install -D target/release/countersign /out/countersign && \
    install -d /out/data

# glibc, libgcc, the usual CA certificates, and no shell.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /out/countersign /countersign
# Where SQLite keeps its file, should it be used: mount a volume here then.
COPY --from=build --chown=nonroot:nonroot /out/data /data
WORKDIR /data
ENV COUNTERSIGN__HTTP__HOST=0.0.0.0
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["/countersign", "healthcheck"]
ENTRYPOINT ["/countersign"]
