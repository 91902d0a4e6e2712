//! Getting messages to people: an outbox worker, and one courier per way of sending.
//!
//! A message is owed as soon as its challenge is committed (the `deliveries` table), and sent by
//! the [`Worker`]; no request ever waits for a provider.

pub mod chain;
pub mod console;
pub mod courier;
pub mod dispatch;
pub mod doorbell;
pub mod maildir;
pub mod message;
pub mod printed;
pub mod smtp;
pub mod targets;
pub mod templates;
pub mod twilio;
pub mod unreachable;
pub mod webhook;
pub mod wording;
pub mod worker;

mod backoff;
mod breaker;
mod http;
mod mime;

pub use chain::{Chain, Couriers};
pub use courier::{Courier, Receipt, SendError};
pub use dispatch::Dispatch;
pub use doorbell::Doorbell;
pub use message::{Message, Purpose};
pub use printed::Printed;
pub use templates::Templates;
pub use wording::Wording;
pub use worker::Worker;
