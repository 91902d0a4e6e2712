//! Files that others on this machine may open. Why the bounds are these: decision 24.

use std::fmt;
use std::path::{Path, PathBuf};

/// What is in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// A secret: its owner's, and at most for a group to read.
    Secret,
    /// A database: its owner's and a group's.
    Database,
}

impl Content {
    /// The permissions that nobody may have.
    #[cfg(unix)]
    const fn forbidden(self) -> u32 {
        match self {
            Self::Secret => 0o027,
            Self::Database => 0o007,
        }
    }
}

/// A file that more people may open than should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposed {
    path: PathBuf,
    mode: u32,
}

impl Exposed {
    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> String {
        let path = self.path.display();
        format!("Run `chmod 600 {path}`, or `chmod 640 {path}` if a group is to read it.")
    }
}

impl fmt::Display for Exposed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        write!(f, "{path} is open to others (mode {:04o})", self.mode)
    }
}

/// Whether the file at `path`, links followed, is open to others. `None` too when there is none, or
/// no such thing as a mode.
#[must_use]
pub fn exposed(path: &Path, content: Content) -> Option<Exposed> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o7777;
        let path = path.to_owned();
        (mode & content.forbidden() != 0).then_some(Exposed { path, mode })
    }
    #[cfg(not(unix))]
    {
        let _ = (path, content);
        None
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_secret_is_its_owners_and_a_group_may_read_it() {
        let file = tempfile::NamedTempFile::new().unwrap();
        for (mode, as_secret, as_database) in [
            (0o400, false, false),
            (0o600, false, false),
            (0o440, false, false),
            (0o640, false, false),
            (0o660, true, false),
            (0o604, true, true),
            (0o644, true, true),
            (0o444, true, true),
            (0o666, true, true),
        ] {
            fs::set_permissions(file.path(), Permissions::from_mode(mode)).unwrap();
            let found = exposed(file.path(), Content::Secret);
            assert_eq!(found.is_some(), as_secret, "{mode:o}");
            let found = exposed(file.path(), Content::Database);
            assert_eq!(found.is_some(), as_database, "{mode:o}");
        }
        let said = exposed(file.path(), Content::Secret).unwrap();
        assert!(said.to_string().ends_with("(mode 0666)"), "{said}");
        assert!(said.remedy().contains("chmod 600"));
        assert_eq!(exposed(Path::new("/nowhere/at/all"), Content::Secret), None);
    }

    #[test]
    fn a_link_is_as_open_as_what_it_leads_to() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("secret"), folder.path().join("link"));
        fs::write(&file, "s").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o440)).unwrap();
        assert_eq!(exposed(&link, Content::Secret), None);
        fs::set_permissions(&file, Permissions::from_mode(0o444)).unwrap();
        assert!(exposed(&link, Content::Secret).is_some());
    }
}
