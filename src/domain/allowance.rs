//! Which budgets there are, what they bear, and under which key each is kept. In this one place,
//! so that what is charged, shown and cleared cannot differ.

use std::fmt::Display;

use super::limit::{Budget, Charge};
use super::{AddressBlock, Contact};

/// A kind of budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// The wait between two codes to one contact.
    Resend,
    /// Codes to one contact in an hour.
    ContactCodesHourly,
    /// Codes to one contact in a day.
    ContactCodesDaily,
    /// Guesses at one contact's codes by who shows a challenge token.
    HolderGuesses,
    /// Guesses at one contact's codes by everybody else.
    OpenGuesses,
    /// Codes asked for from one client address in an hour.
    AddressCodesHourly,
    /// Codes asked for from one client address in a day.
    AddressCodesDaily,
    /// Wrong guesses from one client address.
    AddressGuesses,
    /// Accounts opened from one client address.
    AddressAccounts,
    /// Codes to everybody in an hour.
    TotalCodes,
}

impl Limit {
    /// All that are a contact's.
    const OF_CONTACT: [Self; 5] = [
        Self::Resend,
        Self::ContactCodesHourly,
        Self::ContactCodesDaily,
        Self::HolderGuesses,
        Self::OpenGuesses,
    ];
    /// All that are a client address's.
    const OF_ADDRESS: [Self; 4] = [
        Self::AddressCodesHourly,
        Self::AddressCodesDaily,
        Self::AddressGuesses,
        Self::AddressAccounts,
    ];

    /// Whether it bounds one contact, and so depends on nobody else.
    #[must_use]
    pub fn is_of_contact(self) -> bool {
        Self::OF_CONTACT.contains(&self)
    }

    /// The name that keys end with, and under which it is counted and shown.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Resend => "send",
            Self::ContactCodesHourly => "send-hour",
            Self::ContactCodesDaily => "send-day",
            Self::HolderGuesses => "guess",
            Self::OpenGuesses => "open-guess",
            Self::AddressCodesHourly => "address-send-hour",
            Self::AddressCodesDaily => "address-send-day",
            Self::AddressGuesses => "address-guess",
            Self::AddressAccounts => "address-account",
            Self::TotalCodes => "total-send-hour",
        }
    }
}

/// How often things may happen. `None` bounds nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitPolicy {
    /// The wait between two codes to one contact.
    pub resend: Budget,
    /// Codes to one contact in an hour.
    pub contact_codes_hourly: Budget,
    /// Codes to one contact in a day.
    pub contact_codes_daily: Budget,
    /// Guesses at one contact's codes, across its challenges; once for those who show a challenge
    /// token, and once for everybody else.
    pub contact_guesses: Budget,
    /// Codes asked for from one client address in an hour.
    pub address_codes_hourly: Option<Budget>,
    /// Codes asked for from one client address in a day.
    pub address_codes_daily: Option<Budget>,
    /// Wrong guesses from one client address.
    pub address_guesses: Option<Budget>,
    /// Accounts opened from one client address.
    pub address_accounts: Option<Budget>,
    /// Codes to everybody in an hour.
    pub total_codes: Option<Budget>,
}

/// The budget of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// What it bounds.
    pub limit: Limit,
    /// Names its row. Personal data.
    pub key: String,
    /// What it bears; `None` when all is borne.
    pub budget: Option<Budget>,
}

impl Allowance {
    /// One action, if there is a budget to charge it to.
    #[must_use]
    pub fn charge(&self) -> Option<Charge> {
        let key = self.key.clone();
        self.budget.map(|budget| Charge { key, budget })
    }
}

impl LimitPolicy {
    /// All that the sending of one code is charged to, in the order that every transaction keeps,
    /// so that no two wait for each other: from the narrowest to the widest.
    #[must_use]
    pub fn on_send(&self, contact: &Contact, address: Option<AddressBlock>) -> Vec<Allowance> {
        let of = |limit| self.of(limit, contact.identity());
        let mut charged = vec![
            of(Limit::Resend),
            of(Limit::ContactCodesHourly),
            of(Limit::ContactCodesDaily),
        ];
        if let Some(block) = address {
            charged.push(self.of(Limit::AddressCodesHourly, block));
            charged.push(self.of(Limit::AddressCodesDaily, block));
        }
        charged.push(self.of(Limit::TotalCodes, "all"));
        charged
    }

    /// What a guess at a contact is charged to. Strangers guess out of a budget of their own, and
    /// cannot lock the owner out.
    #[must_use]
    pub fn on_guess_at(&self, contact: &Contact, is_holder: bool) -> Allowance {
        let limit = if is_holder {
            Limit::HolderGuesses
        } else {
            Limit::OpenGuesses
        };
        self.of(limit, contact.identity())
    }

    /// What a guess from a client address is charged to.
    #[must_use]
    pub fn on_guess_from(&self, block: AddressBlock) -> Allowance {
        self.of(Limit::AddressGuesses, block)
    }

    /// What an account opened from a client address is charged to.
    #[must_use]
    pub fn on_account_from(&self, block: AddressBlock) -> Allowance {
        self.of(Limit::AddressAccounts, block)
    }

    /// All budgets of a contact.
    #[must_use]
    pub fn of_contact(&self, contact: &Contact) -> Vec<Allowance> {
        let of = |limit| self.of(limit, contact.identity());
        Limit::OF_CONTACT.map(of).into()
    }

    /// All budgets of a client address.
    #[must_use]
    pub fn of_address(&self, block: AddressBlock) -> Vec<Allowance> {
        Limit::OF_ADDRESS.map(|limit| self.of(limit, block)).into()
    }

    /// Whose it is comes first, so that an index has all budgets of a contact on one page.
    fn of(&self, limit: Limit, whose: impl Display) -> Allowance {
        Allowance {
            limit,
            key: format!("{whose}:{}", limit.name()),
            budget: self.budget(limit),
        }
    }

    const fn budget(&self, limit: Limit) -> Option<Budget> {
        match limit {
            Limit::Resend => Some(self.resend),
            Limit::ContactCodesHourly => Some(self.contact_codes_hourly),
            Limit::ContactCodesDaily => Some(self.contact_codes_daily),
            Limit::HolderGuesses | Limit::OpenGuesses => Some(self.contact_guesses),
            Limit::AddressCodesHourly => self.address_codes_hourly,
            Limit::AddressCodesDaily => self.address_codes_daily,
            Limit::AddressGuesses => self.address_guesses,
            Limit::AddressAccounts => self.address_accounts,
            Limit::TotalCodes => self.total_codes,
        }
    }
}
