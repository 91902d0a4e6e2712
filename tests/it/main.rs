//! The integration suite: everything through the HTTP door, in one binary.
//!
//! Runs on a temporary SQLite file, or, when `TEST_DATABASE_URL` is a `postgres://` address, on
//! databases of its own on that server. An unreachable server fails the suite; nothing is skipped.

mod support;

mod abuse;
mod architecture;
mod audit;
mod bearer;
mod bodies;
mod chain;
mod client_address;
mod connections;
mod contacts;
mod cookies;
mod cors;
mod csrf;
mod disclosure;
mod files;
mod floods;
mod forgery;
mod fuzz;
mod garbage;
mod hangups;
mod headers;
mod health;
mod instances;
mod introspection;
mod keys;
mod kills;
mod limits;
mod login;
mod mail;
mod messages;
mod metrics;
mod migrations;
mod million;
mod misfits;
mod notices;
mod outbound;
mod outbox;
mod pages;
mod panics;
mod playground;
mod process;
mod races;
mod refresh;
mod replica;
mod reports;
mod round_trips;
mod schema;
mod sessions;
mod sessions_command;
mod shield;
mod sweep;
mod test_identities;
mod threats;
mod timing;
mod toll;
mod traces;
mod transport;
mod twilio;
mod verify;
mod webhook;
mod words;
