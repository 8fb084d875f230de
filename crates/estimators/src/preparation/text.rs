//! Free text: prose becomes a bounded number of columns that count its words and pairs of neighbouring words, each counted
//! in the column its hash falls on (Weinberger et al., 2009). What only names a row is left out.
//!
//! Scripts that write without spaces have a character where others have a word. Text that was asked for by name and is no
//! prose is counted by runs of three characters, so that spellings resemble each other.

use super::plan::{ColumnPlan, Part, Planned, Reading, View, mark_missing};
use super::statistics::Lesson;
use super::{PreparationOptions, categories, words};
use crate::cells::{Spelled, spelled};
use crate::split::shuffle::mix;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use trainyard_table::Column;

/// A text column counts as a category when each of its values has this many rows on average.
const ROWS_A_TEXT_VALUE: usize = 10;
/// A text column that was asked for counts as a category when each of its values has this many rows on average.
const ROWS_A_CHOSEN_VALUE: usize = 2;
/// Prose has this many words a cell on average.
const WORDS_OF_PROSE: f64 = 4.0;
/// This share of the words of prose are words that other cells have too; of names, fewer are.
const SHARED_WORDS: f64 = 0.6;
/// Cells that are looked at to tell prose from names; spread evenly over the values.
const CELLS_LOOKED_AT: usize = 5_000;
/// Fewest and most columns a text becomes.
const BUCKETS: [usize; 2] = [16, 256];
/// Between them, a column for so many rows.
const ROWS_A_BUCKET: usize = 16;
/// Most numbers a text becomes, rows times columns, as long as the fewest columns are not too many.
const MOST_NUMBERS: usize = 1 << 26;
/// The seed of pairs, so that a pair is not the sum of its words.
const PAIR: u64 = 0x9ae1_6a3b_2f90_404f;
/// Characters of a run.
const RUN: usize = 3;

/// How text becomes numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Pieces {
    pub(super) size: Size,
    /// How many columns.
    pub(super) buckets: usize,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Size {
    /// Words and pairs of words.
    Words,
    /// Runs of three characters.
    Characters,
}

/// Decides about a column of text, or of identifiers that are no numbers, from its training cells.
pub(super) fn plan(
    mut plan: ColumnPlan,
    column: &Column,
    options: &PreparationOptions,
    lesson: &Lesson<'_>,
) -> Planned {
    let chosen = options.chosen.contains(column.name());
    let Spelled { texts, codes } = spelled(column);
    // The dictionary may know values that none of these rows holds.
    let mut seen = vec![false; texts.len()];
    let mut present = 0_usize;
    for &code in &codes {
        if let Some(seen) = seen.get_mut(code as usize) {
            *seen = true;
            present += 1;
        }
    }
    let values = texts.iter().zip(seen).filter(|(_, seen)| *seen);
    let values = values.map(|(text, _)| text.as_ref()).collect::<Vec<_>>();
    let few = |rows_a_value: usize| values.len().saturating_mul(rows_a_value) <= present;
    if few(ROWS_A_TEXT_VALUE) || (chosen && few(ROWS_A_CHOSEN_VALUE)) {
        let mut planned = categories::plan(plan, column, options, lesson);
        if !planned.plan.parts.is_empty() && planned.plan.note.is_none() {
            planned.plan.note = Some(
                if few(ROWS_A_TEXT_VALUE) {
                    "text with few different values, used as a category"
                } else {
                    "text, used as categories because it was chosen and its values repeat"
                }
                .to_owned(),
            );
        }
        return planned;
    }
    let prose = is_prose(&values);
    if !prose && !chosen {
        plan.note = Some(format!(
            "left out: free text that reads like names, not like sentences ({} in {}); name the column explicitly to use it",
            words::counted(values.len(), "value", "different values"),
            words::counted(present, "row", "rows")
        ));
        return plan.into();
    }
    let size = if prose { Size::Words } else { Size::Characters };
    count_pieces(&mut plan, size, codes.len(), codes.len() - present, options);
    plan.into()
}

fn count_pieces(
    plan: &mut ColumnPlan,
    size: Size,
    rows: usize,
    missing: usize,
    options: &PreparationOptions,
) {
    let buckets = buckets(rows);
    let (noun, counted) = match size {
        Size::Words => ("words", "words and pairs of words"),
        Size::Characters => ("letters", "runs of three characters"),
    };
    plan.steps.push(format!(
        "{counted} are counted in {} columns by their hash",
        words::count(buckets)
    ));
    plan.steps
        .push("counts as logarithms, each row brought to length 1".to_owned());
    for bucket in 0..buckets {
        let name = format!("{} {noun} {}", plan.column, bucket + 1);
        let mut part = Part::plain(name, View::Bucket(bucket));
        part.filled = options.needs.imputation;
        plan.parts.push(part);
    }
    if missing > 0 {
        let rows = words::counted(missing, "row", "rows");
        if options.needs.imputation {
            plan.steps.push(format!("missing ({rows}) has no {noun}"));
            plan.steps
                .push("a column marks where it was missing".to_owned());
            mark_missing(plan);
        } else {
            plan.steps.push(format!(
                "missing ({rows}) stays missing; the algorithm handles it"
            ));
        }
    }
    plan.reading = Reading::Pieces(Pieces { size, buckets });
}

/// Columns for so many rows, a power of two.
fn buckets(rows: usize) -> usize {
    let [fewest, most] = BUCKETS;
    let mut buckets = (rows / ROWS_A_BUCKET)
        .clamp(fewest, most)
        .next_power_of_two();
    while buckets > fewest && rows.saturating_mul(buckets) > MOST_NUMBERS {
        buckets /= 2;
    }
    buckets
}

/// Whether values are sentences: several words, most of which other values have too.
fn is_prose(values: &[&str]) -> bool {
    let step = values.len().div_ceil(CELLS_LOOKED_AT).max(1);
    let mut looked_at = 0_usize;
    let mut length = 0_usize;
    let mut found = Vec::new();
    for value in values.iter().step_by(step) {
        let mut own = Vec::new();
        each_word(value, |word| own.push(word));
        looked_at += 1;
        length += own.len();
        own.sort_unstable();
        own.dedup();
        found.extend(own);
    }
    found.sort_unstable();
    let distinct = found.len();
    let shared = found
        .chunk_by(|one, other| one == other)
        .map(<[u64]>::len)
        .filter(|&cells| cells > 1)
        .sum::<usize>();
    length as f64 >= WORDS_OF_PROSE * looked_at as f64
        && distinct > 0
        && shared as f64 >= SHARED_WORDS * distinct as f64
}

impl Pieces {
    /// Whether planning could have chosen so many columns.
    pub(super) fn in_range(&self) -> bool {
        self.buckets.is_power_of_two() && (BUCKETS[0]..=BUCKETS[1]).contains(&self.buckets)
    }

    /// One set of numbers a bucket, and one entry a row: `NaN` where the cell is missing.
    pub(super) fn count(&self, column: Option<&Column>, rows: usize) -> Vec<Vec<f64>> {
        let mut columns = vec![vec![f64::NAN; rows]; self.buckets];
        let Some(Spelled { texts, codes }) = column.map(spelled) else {
            return columns;
        };
        let counts = texts
            .par_iter()
            .map(|text| self.of_text(text))
            .collect::<Vec<_>>();
        columns
            .par_iter_mut()
            .enumerate()
            .for_each(|(bucket, values)| {
                for (value, &code) in values.iter_mut().zip(&codes) {
                    if let Some(counts) = counts.get(code as usize) {
                        let place = counts.binary_search_by_key(&bucket, |(bucket, _)| *bucket);
                        *value = place.map_or(0.0, |place| counts[place].1);
                    }
                }
            });
        columns
    }

    /// The buckets of a text that are not empty, rising, and their numbers.
    fn of_text(&self, text: &str) -> Vec<(usize, f64)> {
        let mut pieces = match self.size {
            Size::Words => words_and_pairs(text),
            Size::Characters => runs(text),
        };
        pieces.sort_unstable();
        let mut sums = vec![0.0; self.buckets];
        for same in pieces.chunk_by(|one, other| one == other) {
            let Some(&piece) = same.first() else { continue };
            // Half of the pieces count downwards, so that those that meet by chance cancel out on average.
            let sign = if piece >> 63 == 0 { 1.0 } else { -1.0 };
            let bucket = piece as usize & (self.buckets - 1);
            sums[bucket] += sign * (1.0 + (same.len() as f64).ln());
        }
        let length = sums.iter().map(|sum| sum * sum).sum::<f64>().sqrt();
        let filled = sums.into_iter().enumerate();
        filled
            .filter(|(_, sum)| *sum != 0.0)
            .map(|(bucket, sum)| (bucket, sum / length))
            .collect()
    }
}

fn words_and_pairs(text: &str) -> Vec<u64> {
    let mut pieces = Vec::new();
    let mut before = None;
    each_word(text, |word| {
        pieces.push(word);
        if let Some(before) = before.replace(word) {
            pieces.push(mix(mix(PAIR ^ before) ^ word));
        }
    });
    pieces
}

fn runs(text: &str) -> Vec<u64> {
    let mut pieces = Vec::new();
    let lower = text.to_lowercase();
    for word in lower.split_whitespace() {
        // A space on either side: beginnings and ends are not the same as middles.
        let letters = std::iter::once(' ').chain(word.chars()).chain([' ']);
        let letters = letters.collect::<Vec<_>>();
        pieces.extend(letters.windows(RUN).map(|run| hash(run.iter().copied())));
    }
    pieces
}

/// The hashes of the words of a text, in order and in lower case: letters and digits side by side, or single characters
/// of scripts that are written without spaces.
fn each_word(text: &str, mut tell: impl FnMut(u64)) {
    let mut word = Vec::new();
    let mut end = |word: &mut Vec<char>| {
        if !word.is_empty() {
            tell(hash(word.drain(..)));
        }
    };
    for letter in text.chars() {
        if !letter.is_alphanumeric() || is_spaceless(letter) {
            end(&mut word);
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
        if is_spaceless(letter) {
            end(&mut word);
        }
    }
    end(&mut word);
}

/// Chinese, Japanese, Thai, Lao, Burmese and Khmer.
fn is_spaceless(letter: char) -> bool {
    matches!(
        letter as u32,
        0x0E00..=0x0EFF
            | 0x1000..=0x109F
            | 0x1780..=0x17FF
            | 0x3040..=0x30FF
            | 0x31F0..=0x31FF
            | 0x3400..=0x4DBF
            | 0x4E00..=0x9FFF
            | 0xF900..=0xFAFF
            | 0x2_0000..=0x3_FFFF
    )
}

/// FNV-1a over the bytes of UTF-8 (Fowler, Noll and Vo), then mixed so that the low bits may be taken alone. Model files
/// depend on it: it must never change.
fn hash(letters: impl Iterator<Item = char>) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for letter in letters {
        let mut room = [0; 4];
        for byte in letter.encode_utf8(&mut room).bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    mix(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<u64> {
        let mut found = Vec::new();
        each_word(text, |word| found.push(word));
        found
    }

    #[test]
    fn hashes_never_change() {
        assert_eq!(hash("".chars()), mix(0xcbf2_9ce4_8422_2325));
        // Published values of FNV-1a: "a" and "foobar".
        assert_eq!(hash("a".chars()), mix(0xaf63_dc4c_8601_ec8c));
        assert_eq!(hash("foobar".chars()), mix(0x8594_4171_f739_67e8));
        let pieces = Pieces {
            size: Size::Words,
            buckets: 16,
        };
        let of = |text| {
            let found = pieces.of_text(text).into_iter();
            found.map(|(bucket, value)| (bucket, (value * 1e3).round() as i64))
        };
        assert_eq!(
            of("Good day, good Day").collect::<Vec<_>>(),
            [(0, -546), (8, -323), (13, 546), (15, -546)]
        );
    }

    #[test]
    fn words_are_told_apart_in_any_script() {
        assert_eq!(words("It's GOOD."), words("it s good"));
        assert_eq!(words("ΚΑΛΗ μέρα").len(), 2);
        assert_eq!(
            words("好日子"),
            [words("好"), words("日"), words("子")].concat()
        );
        assert_eq!(
            words("20 ประเทศ").len(),
            1 + "ประเทศ"
                .chars()
                .filter(|letter| letter.is_alphanumeric())
                .count()
        );
        assert!(words(" ,;! ").is_empty());
    }

    #[test]
    fn more_rows_have_more_columns_up_to_a_bound() {
        let rows = [1, 500, 4096, 262_144, 500_000, 1_000_000, 100_000_000];
        assert_eq!(rows.map(buckets), [16, 32, 256, 256, 128, 64, 16]);
    }
}
