//! The division that scikit-learn's `train_test_split` makes: at random, not by classes, with the numbers that NumPy's
//! legacy `RandomState` draws. It is here so that figures published from there come out again, and for nothing else.
//!
//! Sources: M. Matsumoto, T. Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998), with the initialisation of 2002; NumPy's
//! documentation of `RandomState` (its stream is frozen) for the shuffle.

use super::{TrainAndTest, check_test_size, parts};
use crate::FitError;

const WORDS: usize = 624;
const AHEAD: usize = 397;

/// MT19937, 32 bits a draw.
struct Twister {
    state: [u32; WORDS],
    next: usize,
}

impl Twister {
    fn new(seed: u32) -> Self {
        let mut state = [seed; WORDS];
        for place in 1..WORDS {
            let before = state[place - 1];
            state[place] = (before ^ (before >> 30))
                .wrapping_mul(1_812_433_253)
                .wrapping_add(place as u32);
        }
        Self { state, next: WORDS }
    }

    fn twist(&mut self) {
        for place in 0..WORDS {
            let joined =
                (self.state[place] & 0x8000_0000) | (self.state[(place + 1) % WORDS] & 0x7fff_ffff);
            let mixed = if joined & 1 == 1 { 0x9908_b0df } else { 0 };
            self.state[place] = self.state[(place + AHEAD) % WORDS] ^ (joined >> 1) ^ mixed;
        }
        self.next = 0;
    }

    fn draw(&mut self) -> u32 {
        if self.next == WORDS {
            self.twist();
        }
        let mut word = self.state[self.next];
        self.next += 1;
        word ^= word >> 11;
        word ^= (word << 7) & 0x9d2c_5680;
        word ^= (word << 15) & 0xefc6_0000;
        word ^ (word >> 18)
    }

    /// A draw in `0..=most`: the lowest bits that can hold it, drawn again until they do.
    fn up_to(&mut self, most: u32) -> u32 {
        let mask = u32::MAX.checked_shr(most.leading_zeros()).unwrap_or(0);
        loop {
            let value = self.draw() & mask;
            if value <= most {
                return value;
            }
        }
    }
}

/// `RandomState(seed).permutation(rows)`.
fn permutation(rows: usize, seed: u32) -> Vec<usize> {
    let mut twister = Twister::new(seed);
    let mut order = (0..rows).collect::<Vec<_>>();
    for last in (1..rows).rev() {
        let other = twister.up_to(u32::try_from(last).unwrap_or(u32::MAX)) as usize;
        order.swap(last, other);
    }
    order
}

/// Holds out what `train_test_split(test_size=test_size, random_state=seed)` holds out: the beginning of a permutation, its
/// length rounded up. Of the seed the lowest 32 bits count.
///
/// # Errors
/// [`FitError::Parameter`] for a share outside (0, 1), [`FitError::Data`] when one part would be empty.
pub fn legacy_holdout(rows: usize, test_size: f64, seed: u64) -> Result<TrainAndTest, FitError> {
    check_test_size(test_size)?;
    let wanted = (rows as f64 * test_size).ceil() as usize;
    if wanted == 0 || wanted >= rows {
        return Err(FitError::Data(format!(
            "with {rows} rows and a test share of {test_size} there would be nothing left to learn from; hold out fewer \
             rows, or add some"
        )));
    }
    let mut held_out = vec![false; rows];
    for &row in permutation(rows, seed as u32).iter().take(wanted) {
        held_out[row] = true;
    }
    Ok(parts(rows, |row| held_out[row]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_words_are_the_published_ones() {
        // The C++ standard names the 10,000th word of the default seed.
        let mut twister = Twister::new(5489);
        let last = (0..10_000).map(|_| twister.draw()).last();
        assert_eq!(last, Some(4_123_659_995));
    }

    #[test]
    fn ten_rows_are_divided_as_everybody_knows_it() -> Result<(), FitError> {
        assert_eq!(permutation(10, 42), [8, 1, 5, 0, 7, 2, 9, 4, 3, 6]);
        let (train, test) = legacy_holdout(10, 0.2, 42)?;
        assert_eq!(test, [1, 8]);
        assert_eq!(train.len(), 8);
        assert!(legacy_holdout(3, 0.9, 42).is_err());
        assert!(legacy_holdout(3, 1.0, 42).is_err());
        Ok(())
    }
}
