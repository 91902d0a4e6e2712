//! How messages reach people: a chain of couriers for each channel, and what each courier needs.

use super::chain::CourierName;
use super::reader::Reader;
use super::{email, maildir, sms, smtp, targets, twilio, webhook, whatsapp};
use crate::delivery::maildir::MaildirSettings;
use crate::delivery::smtp::SmtpSettings;
use crate::delivery::twilio::{TwilioSettings, WhatsappSettings};
use crate::delivery::webhook::WebhookSettings;
use crate::domain::Channel;

/// How messages reach people. A courier that stands in a chain has its settings; one that does
/// not has none.
#[derive(Clone, Debug)]
pub struct DeliveryConfig {
    email: Vec<CourierName>,
    sms: Vec<CourierName>,
    whatsapp: Vec<CourierName>,
    /// The mail server.
    pub smtp: Option<SmtpSettings>,
    /// The Twilio account.
    pub twilio: Option<TwilioSettings>,
    /// Who writes on `WhatsApp` through that account.
    pub whatsapp_sender: Option<WhatsappSettings>,
    /// The gateway.
    pub webhook: Option<WebhookSettings>,
    /// The folder that messages are dropped into.
    pub maildir: Option<MaildirSettings>,
}

impl DeliveryConfig {
    /// Who carries messages of `channel`, the first choice first.
    #[must_use]
    pub fn chain(&self, channel: Channel) -> &[CourierName] {
        match channel {
            Channel::Email => &self.email,
            Channel::Sms => &self.sms,
            Channel::Whatsapp => &self.whatsapp,
        }
    }

    /// Whether any message goes to a telephone.
    #[must_use]
    pub fn reaches_telephones(&self) -> bool {
        !self.sms.is_empty() || !self.whatsapp.is_empty()
    }
}

pub(super) fn read(reader: &mut Reader) -> DeliveryConfig {
    let targets = targets::read(reader);
    let email = email::chain(reader);
    let sms = sms::chain(reader);
    let whatsapp = whatsapp::chain(reader);
    let asks = |name| {
        [&email, &sms, &whatsapp]
            .iter()
            .any(|chain| chain.contains(&name))
    };
    let (smtp, webhook, maildir) = (
        asks(CourierName::Smtp),
        asks(CourierName::Webhook),
        asks(CourierName::Maildir),
    );
    let (twilio_sms, twilio_whatsapp) = (
        sms.contains(&CourierName::Twilio),
        whatsapp.contains(&CourierName::Twilio),
    );
    DeliveryConfig {
        smtp: smtp::read(reader, smtp, &targets).filter(|_| smtp),
        twilio: twilio::read(reader, twilio_sms, twilio_whatsapp, &targets)
            .filter(|_| twilio_sms || twilio_whatsapp),
        whatsapp_sender: whatsapp::read(reader, twilio_whatsapp).filter(|_| twilio_whatsapp),
        webhook: webhook::read(reader, webhook, &targets).filter(|_| webhook),
        maildir: maildir::read(reader, maildir).filter(|_| maildir),
        email,
        sms,
        whatsapp,
    }
}
