//! The server secret of a development machine: made once, and kept beside the database.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::domain::ServerSecrets;
use crate::domain::entropy::Entropy;
use crate::domain::secret::{SecretError, ServerSecret};

/// Why there is no server secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretFileError {
    /// The file cannot be read or written.
    #[error(
        "cannot keep a server secret in {path}: {error}\n  Make the folder writable, or set `secret`."
    )]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// What the file holds is no secret.
    #[error("{path} {error}\n  Delete it to have a new secret made; everybody is signed out then.")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        error: SecretError,
    },
    /// There is no file to keep it beside.
    #[error(
        "`secret` is not set, and there is no SQLite file to keep one beside\n  \
         Make one with `openssl rand -hex 32`, and set it as COUNTERSIGN__SECRET."
    )]
    Nowhere,
}

/// Reads the secret beside `database`, or makes it there, readable by its owner only.
///
/// # Errors
/// When that cannot be done; the text says what to do instead.
pub fn open_or_create(
    database: Option<&Path>,
    entropy: &dyn Entropy,
) -> Result<ServerSecrets, SecretFileError> {
    let path = database
        .ok_or(SecretFileError::Nowhere)?
        .with_extension("secret");
    let failed = |error| SecretFileError::Io {
        path: path.clone(),
        error,
    };
    let text = match fs::read_to_string(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let text = ServerSecret::generate(entropy);
            create(&path, &text).map_err(failed)?;
            text
        }
        text => text.map_err(failed)?.into(),
    };
    let secret = ServerSecret::parse(&text).map_err(|error| SecretFileError::Unreadable {
        path: path.clone(),
        error,
    })?;
    ServerSecrets::new(vec![secret]).ok_or(SecretFileError::Nowhere)
}

fn create(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{text}")?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::entropy::SystemEntropy;

    #[test]
    fn a_secret_is_made_once_and_is_its_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("countersign.db");
        let open = || open_or_create(Some(&database), &SystemEntropy).unwrap();
        let id = |secrets: ServerSecrets| secrets.iter().next().unwrap().id().clone();
        assert_eq!(id(open()), id(open()));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let metadata = fs::metadata(folder.path().join("countersign.secret")).unwrap();
            assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_spoilt_secret_is_not_replaced_behind_the_operators_back() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("countersign.secret"), "oops").unwrap();
        let database = folder.path().join("countersign.db");
        let error = open_or_create(Some(&database), &SystemEntropy).unwrap_err();
        assert!(error.to_string().contains("Delete it"));
    }
}
