//! The raw public key, whatever container it came in.
//!
//! Two roster entries with the same [`Material`] are the same key, also when
//! one is SSH and the other OpenPGP.

use crate::Reason;

/// The numbers that make a public key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Material {
    /// 32 bytes.
    Ed25519([u8; 32]),
    /// Curve name and uncompressed point.
    Ecdsa(&'static str, Vec<u8>),
    /// Uncompressed point on the SM2 curve.
    #[cfg(feature = "sm2")]
    Sm2(Vec<u8>),
    /// Modulus and exponent without leading zeros.
    Rsa { modulus: Vec<u8>, exponent: Vec<u8> },
}

impl Material {
    pub(super) fn rsa(modulus: &[u8], exponent: &[u8]) -> Self {
        let strip = |bytes: &[u8]| bytes.iter().copied().skip_while(|&b| b == 0).collect();
        Self::Rsa { modulus: strip(modulus), exponent: strip(exponent) }
    }

    /// Size of an RSA modulus in bits.
    fn rsa_bits(&self) -> Option<usize> {
        let Self::Rsa { modulus, .. } = self else { return None };
        let zeros = modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
        Some((modulus.len() * 8).saturating_sub(zeros))
    }

    /// Whether the key is strong enough: RSA of 3072 bits (2048 where the
    /// roster says so), no Ed25519 point of small order.
    pub(crate) fn check_strength(&self, allow_rsa_2048: bool) -> Result<(), Reason> {
        let least = if allow_rsa_2048 { 2048 } else { 3072 };
        match self {
            Self::Ed25519(bytes) => {
                let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| Reason::KeyWeak)?;
                if key.is_weak() { Err(Reason::KeyWeak) } else { Ok(()) }
            }
            Self::Rsa { .. } if self.rsa_bits().is_none_or(|bits| bits < least) => Err(Reason::KeyWeak),
            Self::Rsa { .. } | Self::Ecdsa(..) => Ok(()),
            #[cfg(feature = "sm2")]
            Self::Sm2(_) => Ok(()),
        }
    }
}
