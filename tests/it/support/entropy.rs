//! Randomness that repeats itself.

use std::sync::Mutex;

use countersign::domain::Entropy;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// The same bytes in every run.
pub struct SeededEntropy(Mutex<StdRng>);

impl SeededEntropy {
    /// Each seed has its own sequence.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap().fill_bytes(bytes);
    }
}
