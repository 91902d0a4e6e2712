//! Codes on the terminal, for development.

use std::io::Write;

use async_trait::async_trait;

use super::{Courier, Message, SendError};

/// Prints each message to standard output, in a frame that cannot be missed.
#[derive(Clone, Copy, Debug)]
pub struct Console;

#[async_trait]
impl Courier for Console {
    fn name(&self) -> &'static str {
        "console"
    }

    async fn send(&self, message: &Message) -> Result<(), SendError> {
        let minutes = message.lifetime.as_secs().div_ceil(60);
        let lines = [
            format!("to    {}", message.contact.deliverable()),
            format!("code  {}    (works once, for {minutes} min)", message.code.reveal()),
        ];
        let width = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
        let rule = "─".repeat(width + 4);
        let body: String = lines.iter().map(|line| format!("│  {line:width$}  │\n")).collect();

        // One write, so that two messages never mix.
        let frame = format!("\n┌{rule}┐\n{body}└{rule}┘\n\n");
        std::io::stdout()
            .write_all(frame.as_bytes())
            .map_err(|error| SendError::Temporary(error.kind().to_string()))
    }
}
