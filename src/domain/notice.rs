//! Word to people of what happened to their account.

/// What people are told of.
#[derive(Clone, Copy, Debug)]
pub struct NoticePolicy {
    /// Somebody signed in from a device that is not among their sessions.
    pub new_device: bool,
    /// A refresh token was used twice.
    pub token_reuse: bool,
}
