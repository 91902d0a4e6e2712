//! The keys that sign access tokens.

use std::fmt;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};
use jsonwebtoken::jwk::{Jwk, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{DecodingKey, EncodingKey, errors};
use zeroize::Zeroizing;

use super::mark::Marker;
use crate::domain::Kid;

/// How access tokens are signed. Each key has one, and verifies nothing else (RFC 8725, 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256: small, fast and understood everywhere.
    Es256,
    /// Ed25519.
    EdDsa,
    /// RSA-2048 with PKCS #1 v1.5 and SHA-256, for verifiers that know nothing newer.
    Rs256,
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Es256, Self::EdDsa, Self::Rs256];

    /// Its name in a JOSE header (RFC 7518, section 3.1).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
            Self::Rs256 => "RS256",
        }
    }

    /// Reads [`as_str`](Self::as_str) back.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.as_str() == name)
    }

    /// The same, in the words of the JWT library.
    #[must_use]
    pub const fn jws(self) -> jsonwebtoken::Algorithm {
        match self {
            Self::Es256 => jsonwebtoken::Algorithm::ES256,
            Self::EdDsa => jsonwebtoken::Algorithm::EdDSA,
            Self::Rs256 => jsonwebtoken::Algorithm::RS256,
        }
    }

    /// A new private key as PKCS #8. Its randomness is the crypto library's own: no test may
    /// ever seed a key.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn generate(self) -> Result<Zeroizing<Vec<u8>>, Unspecified> {
        let pkcs8 = match self {
            Self::Es256 => EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?
                .to_pkcs8v1()?
                .as_ref()
                .to_vec(),
            Self::EdDsa => Ed25519KeyPair::generate()?.to_pkcs8v1()?.as_ref().to_vec(),
            Self::Rs256 => {
                let pair = RsaKeyPair::generate(KeySize::Rsa2048)?;
                AsDer::<Pkcs8V1Der<'_>>::as_der(&pair)?.as_ref().to_vec()
            }
        };
        Ok(Zeroizing::new(pkcs8))
    }
}

/// A private key, its public half, and the one algorithm both are for.
pub struct SigningKey {
    kid: Kid,
    algorithm: Algorithm,
    private: Private,
    public: DecodingKey,
    marker: Marker,
    jwk: Jwk,
}

/// A private key that was read, and checked, once. jsonwebtoken has it read for each signature,
/// which is more than a third of the work.
enum Private {
    Es256(EcdsaKeyPair),
    EdDsa(Ed25519KeyPair),
    Rs256(RsaKeyPair),
}

impl Private {
    fn read(algorithm: Algorithm, pkcs8: &[u8]) -> Result<Self, errors::Error> {
        let pair = match algorithm {
            Algorithm::Es256 => {
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).map(Self::Es256)
            }
            Algorithm::EdDsa => Ed25519KeyPair::from_pkcs8(pkcs8).map(Self::EdDsa),
            Algorithm::Rs256 => RsaKeyPair::from_pkcs8(pkcs8).map(Self::Rs256),
        };
        pair.map_err(|_| errors::ErrorKind::InvalidKeyFormat.into())
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Unspecified> {
        let random = SystemRandom::new();
        match self {
            Self::Es256(pair) => Ok(pair.sign(&random, message)?.as_ref().to_vec()),
            Self::EdDsa(pair) => Ok(pair.sign(message).as_ref().to_vec()),
            Self::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)?;
                Ok(signature)
            }
        }
    }
}

impl SigningKey {
    /// From what [`Algorithm::generate`] made. The `kid` is the public key's RFC 7638 thumbprint.
    ///
    /// # Errors
    /// When `pkcs8` is not a private key for `algorithm`.
    pub fn from_pkcs8(algorithm: Algorithm, pkcs8: &[u8]) -> Result<Self, errors::Error> {
        let encoding = match algorithm {
            Algorithm::Es256 => EncodingKey::from_ec_der(pkcs8),
            Algorithm::EdDsa => EncodingKey::from_ed_der(pkcs8),
            Algorithm::Rs256 => {
                let block = Zeroizing::new(pem::encode(&pem::Pem::new("PRIVATE KEY", pkcs8)));
                EncodingKey::from_rsa_pem(block.as_bytes())?
            }
        };
        let mut jwk = Jwk::from_encoding_key(&encoding, algorithm.jws())?;
        let thumbprint = jwk.thumbprint(ThumbprintHash::SHA256)?;
        let kid = Kid::parse(&thumbprint).ok_or(errors::ErrorKind::InvalidKeyFormat)?;
        jwk.common.key_id = Some(thumbprint);
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        let public = DecodingKey::from_jwk(&jwk)?;
        Ok(Self {
            kid,
            algorithm,
            private: Private::read(algorithm, pkcs8)?,
            public,
            marker: Marker::of(pkcs8),
            jwk,
        })
    }

    /// Its name in token headers and in the JWKS.
    #[must_use]
    pub fn kid(&self) -> Kid {
        self.kid
    }

    /// The one algorithm it is for.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The signature of `message`, as RFC 7518, section 3, has it for the algorithm.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, errors::Error> {
        let failed = |_| errors::ErrorKind::Signing(self.algorithm.as_str().to_owned()).into();
        self.private.sign(message).map_err(failed)
    }

    pub(super) fn marker(&self) -> &Marker {
        &self.marker
    }

    pub(super) fn public(&self) -> &DecodingKey {
        &self.public
    }

    /// Its public half.
    #[must_use]
    pub fn jwk(&self) -> &Jwk {
        &self.jwk
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({} {})", self.algorithm.as_str(), self.kid)
    }
}
