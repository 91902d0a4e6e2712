//! Pure types and rules: no I/O, no framework. Known by every room, knows none.

pub mod caller;
pub mod challenge;
pub mod clock;
pub mod contact;
pub mod device;
pub mod email;
pub mod entropy;
pub mod language;
pub mod limit;
pub mod network;
pub mod notice;
mod numbering;
pub mod otp;
pub mod phone;
pub mod region;
pub mod secret;
pub mod session;
pub mod test_identity;
pub mod toll;
pub mod user;

pub use caller::{Caller, Stale};
pub use challenge::ChallengeToken;
pub use clock::{Clock, Timestamp};
pub use contact::{Channel, Contact};
pub use device::Locale;
pub use email::EmailAddress;
pub use entropy::Entropy;
pub use language::Languages;
pub use otp::OtpCode;
pub use phone::PhoneNumber;
pub use secret::ServerSecrets;
pub use session::{Session, SessionId};
pub use user::{User, UserId};
