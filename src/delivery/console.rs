//! Codes on the terminal, for development.

use std::io::Write;

use async_trait::async_trait;

use super::{Courier, Message, Printed, Purpose, Receipt, SendError};

/// Prints each message to standard output, in a frame that cannot be missed.
#[derive(Clone, Debug, Default)]
pub struct Console {
    /// Who remembers what was printed, if anybody may.
    pub printed: Option<Printed>,
}

#[async_trait]
impl Courier for Console {
    fn name(&self) -> &'static str {
        "console"
    }

    async fn send(&self, message: &Message) -> Result<Receipt, SendError> {
        let to = format!("to    {}", message.contact.deliverable());
        let what = match &message.purpose {
            Purpose::Code { code, lifetime } => {
                let minutes = lifetime.as_secs().div_ceil(60);
                format!("code  {}    (works once, for {minutes} min)", code.reveal())
            }
            notice => format!("note  {}", notice.as_str()),
        };
        let width = to.chars().count().max(what.chars().count());
        let rule = "─".repeat(width + 4);

        // One write, so that two messages never mix.
        let frame = format!("\n┌{rule}┐\n│  {to:width$}  │\n│  {what:width$}  │\n└{rule}┘\n\n");
        std::io::stdout()
            .write_all(frame.as_bytes())
            .map_err(|error| SendError::Unwell(error.kind().to_string()))?;
        if let Some(printed) = &self.printed {
            printed.note(message.clone());
        }
        Ok(Receipt::default())
    }
}
