//! Random numbers as a function of (seed, index) only, so that work may be dealt to threads in any way.

/// A small generator: SplitMix64 (Steele, Lea and Flood, 2014), seeded by a seed and the index of the part.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// Goes on from a state.
    pub fn from_state(state: u64) -> Self {
        Self(state)
    }

    /// The generator of one part of the work (a tree, a fold).
    pub fn new(seed: u64, index: u64) -> Self {
        let mut start = Self(seed ^ 0x5851_f42d_4c95_7f2d);
        let first = start.bits();
        Self(
            first
                ^ index
                    .wrapping_mul(0xd134_2543_de82_ef95)
                    .wrapping_add(0x2545_f491_4f6c_dd1d),
        )
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number in [0, 1), of 53 random bits.
    pub fn share(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number in `0..bound` (multiply-shift; the bias is below `bound / 2⁶⁴`).
    pub fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.bits()) * bound as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_even_and_repeatable() {
        let mut counts = [0_u32; 7];
        let mut random = Random::new(3, 9);
        for _ in 0..70_000 {
            counts[random.below(7)] += 1;
        }
        assert!(
            counts.iter().all(|&count| (9_500..10_500).contains(&count)),
            "{counts:?}"
        );
        assert_eq!(Random::new(1, 2).bits(), Random::new(1, 2).bits());
        assert_ne!(Random::new(1, 2).bits(), Random::new(1, 3).bits());
        assert_ne!(Random::new(1, 2).bits(), Random::new(2, 2).bits());
    }
}
