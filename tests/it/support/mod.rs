//! What every scenario needs: a server of its own, people who use it, a clock to move.

pub mod actor;
pub mod answer;
pub mod clock;
pub mod database;
pub mod entropy;
pub mod mailbox;
pub mod server;

pub use actor::{Actor, Tokens};
pub use answer::Answer;
pub use server::TestServer;
