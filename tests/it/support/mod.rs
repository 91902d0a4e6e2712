//! What every scenario needs: a server of its own, people who use it, a clock to move.

pub mod actor;
pub mod answer;
pub mod clock;
pub mod collector;
pub mod database;
pub mod entropy;
pub mod jar;
pub mod json_schema;
pub mod mailbox;
pub mod message;
pub mod process;
pub mod provider;
pub mod race;
pub mod rows;
pub mod server;
pub mod smtp;

pub use actor::{Actor, Tokens, email, phone};
pub use answer::Answer;
pub use mailbox::{Code, code_of};
pub use race::at_once;
pub use server::{LEASE, SECRET, TestServer};
