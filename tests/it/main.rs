//! The integration suite: everything through the HTTP door, in one binary.
//!
//! Runs on a temporary SQLite file, or, when `TEST_DATABASE_URL` is a `postgres://` address, on
//! databases of its own on that server. An unreachable server fails the suite; nothing is skipped.

mod support;

mod contacts;
mod limits;
mod login;
mod pages;
mod process;
mod refresh;
mod sessions;
mod verify;
