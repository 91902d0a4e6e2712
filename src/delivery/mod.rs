//! Getting the code to the person: an outbox worker, and one courier per way of sending.
//!
//! A message is owed as soon as its challenge is committed (the `deliveries` table), and sent by
//! the [`Worker`]; no request ever waits for a provider.

pub mod console;
pub mod courier;
pub mod message;
pub mod smtp;
pub mod worker;

pub use courier::{Courier, Couriers, SendError};
pub use message::Message;
pub use worker::{Doorbell, Worker};
