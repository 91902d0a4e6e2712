//! Who carries what, as the configuration says. A new courier is chosen here.

use std::sync::Arc;

use crate::config::{Config, CourierName};
use crate::delivery::console::Console;
use crate::delivery::maildir::Maildir;
use crate::delivery::smtp::Smtp;
use crate::delivery::twilio::{Callbacks, TwilioSms, TwilioWhatsapp};
use crate::delivery::webhook::Webhook;
use crate::delivery::{Courier, Couriers, Printed};
use crate::domain::{Channel, Clock};

/// Why a courier cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum CourierError {
    /// The mail server's name is none.
    #[error("`smtp.host` is not a name that a certificate could be for: {0}")]
    Smtp(#[from] lettre::transport::smtp::Error),
    /// There is nobody to believe that a provider is who it says.
    #[error(
        "no HTTPS client can be made: {0}\n  Install CA certificates, or name a file of them in SSL_CERT_FILE."
    )]
    Https(#[from] reqwest::Error),
}

/// The couriers of each channel, the first choice first.
///
/// # Errors
/// When a setting turns out to be of no use.
pub fn couriers(config: &Config, clock: &Arc<dyn Clock>) -> Result<Couriers, CourierError> {
    let mut couriers = Couriers::default();
    let printed = printed(config);
    for channel in Channel::ALL {
        let mut chain = Vec::new();
        for name in config.delivery.chain(channel) {
            chain.extend(courier(*name, channel, config, clock, printed.as_ref())?);
        }
        couriers = couriers.with(channel, chain);
    }
    Ok(match printed {
        Some(printed) => couriers.noting(printed),
        None => couriers,
    })
}

/// Where the console notes what it prints. Nowhere, if there is no console, or if the server is for
/// others than who sits before it: then codes are on no page, because nobody has them.
fn printed(config: &Config) -> Option<Printed> {
    let prints = |channel| {
        let chain = config.delivery.chain(channel);
        chain.contains(&CourierName::Console)
    };
    let has_console = Channel::ALL.into_iter().any(prints);
    (config.is_private() && has_console).then(Printed::default)
}

/// Where Twilio's reports come in, if it is asked to carry anything and can sign them.
#[must_use]
pub fn callbacks(config: &Config) -> Option<Callbacks> {
    let twilio = config.delivery.twilio.as_ref()?;
    Some(Callbacks::new(
        twilio.auth_token.as_ref()?,
        &config.public_url,
    ))
}

/// A courier that is named in a chain has its settings: the configuration was judged so.
fn courier(
    name: CourierName,
    channel: Channel,
    config: &Config,
    clock: &Arc<dyn Clock>,
    printed: Option<&Printed>,
) -> Result<Option<Arc<dyn Courier>>, CourierError> {
    let delivery = &config.delivery;
    let clock = Arc::clone(clock);
    Ok(match (name, channel) {
        (CourierName::Console, _) => Some(Arc::new(Console {
            printed: printed.cloned(),
        })),
        (CourierName::Maildir, _) => delivery.maildir.as_ref().map(|settings| {
            let maildir: Arc<dyn Courier> = Arc::new(Maildir::new(settings));
            maildir
        }),
        (CourierName::Smtp, _) => match &delivery.smtp {
            Some(settings) => Some(Arc::new(Smtp::new(settings)?)),
            None => None,
        },
        (CourierName::Twilio, Channel::Whatsapp) => {
            match (&delivery.twilio, &delivery.whatsapp_sender) {
                (Some(account), Some(sender)) => Some(Arc::new(TwilioWhatsapp::new(
                    account,
                    sender,
                    callbacks(config),
                    clock,
                )?)),
                _ => None,
            }
        }
        (CourierName::Twilio, _) => match &delivery.twilio {
            Some(account) => Some(Arc::new(TwilioSms::new(account, callbacks(config), clock)?)),
            None => None,
        },
        (CourierName::Webhook, _) => match &delivery.webhook {
            Some(settings) => Some(Arc::new(Webhook::new(settings, clock)?)),
            None => None,
        },
    })
}
