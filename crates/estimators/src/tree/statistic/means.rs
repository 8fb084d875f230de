//! Means of numbers: count and sum in one word where both fit, in two where they do not.

use super::{CANDIDATES, Draws, Entry, Packing, Row, Slot, Statistic, drawn, drawn_count};
use crate::tree::small::{SmallNode, SmallNumbers};

/// Rows up to which count and sum may share a word.
const PACKED_ROWS: u64 = 1 << 21;
/// A unit may be this share of the middle half of the target.
const COARSEST: f64 = 1e-5;
/// Values that the middle half is found from.
const SPREAD_SAMPLE: usize = 4096;

/// Equal weights: `[sum | count]`.
#[derive(Clone, Debug)]
pub(crate) struct PackedMean<'a> {
    target: &'a [f64],
    packing: Packing,
    unit: f64,
}

/// Any weights: `[weight | count]` and `[weighted sum]`.
#[derive(Clone, Debug)]
pub(crate) struct WideMean<'a> {
    target: &'a [f64],
    weights: Option<&'a [f64]>,
    packing: Packing,
    weight_unit: f64,
    unit: f64,
}

/// Whether a target (less its mean) keeps its detail in packed words: extreme values make the unit of all others coarse.
pub(crate) fn fits_packed(target: &[f64]) -> bool {
    let rows = target.len() as u64;
    if rows > PACKED_ROWS {
        return false;
    }
    let total: f64 = target.iter().map(|value| value.abs()).sum();
    let mut sample: Vec<f64> = target
        .iter()
        .step_by(target.len().div_ceil(SPREAD_SAMPLE).max(1))
        .copied()
        .collect();
    sample.sort_unstable_by(f64::total_cmp);
    let spread = match (
        sample.get(sample.len() / 4),
        sample.get(sample.len() * 3 / 4),
    ) {
        (Some(low), Some(high)) => high - low,
        _ => 0.0,
    };
    // A bootstrap may draw large values several times.
    total.is_finite() && Packing::of(rows).unit(8.0 * total) <= COARSEST * spread
}

impl<'a> PackedMean<'a> {
    /// The statistic and the rows to grow from.
    pub(crate) fn new(target: &'a [f64], draws: Draws<'_>) -> (Self, Vec<Entry<u32, i64>>) {
        let packing = Packing::of(drawn_count(target.len(), draws));
        let rows = || drawn(target.len(), draws, None);
        let total: f64 = rows()
            .map(|(row, count)| count as f64 * target[row as usize].abs())
            .sum();
        let unit = packing.unit(total);
        let entries = rows().map(|(row, count)| {
            let sum = (target[row as usize] / unit).round() as i64 * count;
            Entry {
                row,
                lane: row,
                word: packing.pack(sum, count),
            }
        });
        let entries = entries.collect();
        (
            Self {
                target,
                packing,
                unit,
            },
            entries,
        )
    }
}

impl<'a> WideMean<'a> {
    /// The statistic and the rows to grow from.
    pub(crate) fn new(
        target: &'a [f64],
        weights: Option<&'a [f64]>,
        draws: Draws<'_>,
    ) -> (Self, Vec<Entry<u32, [i64; 2]>>) {
        let packing = Packing::of(drawn_count(target.len(), draws));
        let rows = || {
            drawn(target.len(), draws, weights).map(|(row, count)| {
                let weight = weights.map_or(1.0, |weights| weights[row as usize]);
                (row, count, count as f64 * weight)
            })
        };
        let weight_unit = packing.unit(rows().map(|(_, _, weight)| weight).sum());
        let unit = Packing::COUNTS.unit(
            rows()
                .map(|(row, _, weight)| (weight * target[row as usize]).abs())
                .sum(),
        );
        let entries = rows().map(|(row, count, weight)| Entry {
            row,
            lane: row,
            word: [
                packing.pack((weight / weight_unit).round() as i64, count),
                (weight * target[row as usize] / unit).round() as i64,
            ],
        });
        let entries = entries.collect();
        (
            Self {
                target,
                weights,
                packing,
                weight_unit,
                unit,
            },
            entries,
        )
    }
}

fn same<W>(target: &[f64], entries: &[Entry<u32, W>]) -> bool {
    let mut values = entries.iter().map(|entry| target[entry.lane as usize]);
    let first = values.next();
    values.all(|value| Some(value) == first)
}

/// Exact weighted mean of the rows; what the slot says when they weigh nothing.
fn mean(rows: impl Iterator<Item = (f64, f64)>, otherwise: f64) -> f64 {
    let (mut weight, mut sum, mut first, mut all_same) = (0.0, 0.0, None, true);
    for (own, value) in rows {
        weight += own;
        sum += own * value;
        all_same &= *first.get_or_insert(value) == value;
    }
    match first {
        // No rounding where there is nothing to average.
        Some(value) if all_same => value,
        Some(_) if weight > 0.0 => sum / weight,
        _ => otherwise,
    }
}

#[inline(always)]
fn mean_scores(left: &[Row], totals: &[f64], scores: &mut [f64]) {
    let ([weights, sums], &[weight, sum]) = (left, totals) else {
        return;
    };
    let count = scores.len().min(CANDIDATES);
    for index in 0..count {
        let (low, high) = (weights[index], weight - weights[index]);
        let (low_sum, high_sum) = (sums[index], sum - sums[index]);
        // One division for both sides.
        scores[index] = (low_sum * low_sum * high + high_sum * high_sum * low) / (low * high);
    }
}

impl Statistic<1> for PackedMean<'_> {
    type Entry = Entry<u32, i64>;
    type Judge = SmallNumbers;

    fn lanes(&self) -> usize {
        2
    }

    #[inline(always)]
    fn lane(&self, slot: &Slot<1>, lane: usize) -> f64 {
        if lane == 0 {
            self.weight(slot)
        } else {
            self.packing.sum(slot[0]) as f64 * self.unit
        }
    }

    #[inline(always)]
    fn scores(&self, left: &[Row], totals: &[f64], scores: &mut [f64]) {
        mean_scores(left, totals, scores);
    }

    #[inline(always)]
    fn add(slot: &mut Slot<1>, entry: &Entry<u32, i64>) {
        slot[0] += entry.word;
    }

    #[inline(always)]
    fn count(&self, slot: &Slot<1>) -> i64 {
        self.packing.count(slot[0])
    }

    #[inline(always)]
    fn weight(&self, slot: &Slot<1>) -> f64 {
        self.packing.count(slot[0]) as f64
    }

    #[inline(always)]
    fn score(&self, slot: &Slot<1>) -> f64 {
        let sum = self.packing.sum(slot[0]) as f64 * self.unit;
        sum * sum / (self.weight(slot)).max(1.0)
    }

    fn is_pure(&self, entries: &[Entry<u32, i64>], _: &Slot<1>) -> bool {
        same(self.target, entries)
    }

    fn answer(&self, entries: &[Entry<u32, i64>], slot: &Slot<1>, out: &mut Vec<f64>) {
        let rows = entries.iter().map(|entry| {
            (
                self.packing.count(entry.word) as f64,
                self.target[entry.lane as usize],
            )
        });
        out.push(mean(
            rows,
            self.packing.sum(slot[0]) as f64 * self.unit / self.weight(slot).max(1.0),
        ));
    }

    #[inline(always)]
    fn order(&self, slot: &Slot<1>) -> Option<f64> {
        Some(self.packing.sum(slot[0]) as f64 / self.weight(slot).max(1.0))
    }

    #[inline(always)]
    fn small(
        &self,
        entries: &[Entry<u32, i64>],
        slot: &Slot<1>,
        node: &mut SmallNode<SmallNumbers>,
    ) -> bool {
        let mean = self.packing.sum(slot[0]) as f64 * self.unit / self.weight(slot).max(1.0);
        let rows = entries.iter().map(|entry| {
            let count = self.packing.count(entry.word) as f64;
            let value = self.packing.sum(entry.word) as f64 * self.unit - count * mean;
            (entry.row, count, value)
        });
        node.fill(rows);
        true
    }
}

impl Statistic<2> for WideMean<'_> {
    type Entry = Entry<u32, [i64; 2]>;
    type Judge = SmallNumbers;

    fn lanes(&self) -> usize {
        2
    }

    #[inline(always)]
    fn lane(&self, slot: &Slot<2>, lane: usize) -> f64 {
        if lane == 0 {
            self.weight(slot)
        } else {
            slot[1] as f64 * self.unit
        }
    }

    #[inline(always)]
    fn scores(&self, left: &[Row], totals: &[f64], scores: &mut [f64]) {
        mean_scores(left, totals, scores);
    }

    #[inline(always)]
    fn add(slot: &mut Slot<2>, entry: &Entry<u32, [i64; 2]>) {
        slot[0] += entry.word[0];
        slot[1] += entry.word[1];
    }

    #[inline(always)]
    fn count(&self, slot: &Slot<2>) -> i64 {
        self.packing.count(slot[0])
    }

    #[inline(always)]
    fn weight(&self, slot: &Slot<2>) -> f64 {
        self.packing.sum(slot[0]) as f64 * self.weight_unit
    }

    #[inline(always)]
    fn score(&self, slot: &Slot<2>) -> f64 {
        let (sum, weight) = (slot[1] as f64 * self.unit, self.weight(slot));
        if weight > 0.0 {
            sum * sum / weight
        } else {
            0.0
        }
    }

    fn is_pure(&self, entries: &[Entry<u32, [i64; 2]>], _: &Slot<2>) -> bool {
        same(self.target, entries)
    }

    fn answer(&self, entries: &[Entry<u32, [i64; 2]>], slot: &Slot<2>, out: &mut Vec<f64>) {
        let rows = entries.iter().map(|entry| {
            let weight = self
                .weights
                .map_or(1.0, |weights| weights[entry.lane as usize]);
            (
                weight * self.packing.count(entry.word[0]) as f64,
                self.target[entry.lane as usize],
            )
        });
        let weight = self.weight(slot);
        let otherwise = if weight > 0.0 {
            slot[1] as f64 * self.unit / weight
        } else {
            0.0
        };
        out.push(mean(rows, otherwise));
    }

    #[inline(always)]
    fn order(&self, slot: &Slot<2>) -> Option<f64> {
        Some(slot[1] as f64 * self.unit / self.weight(slot).max(f64::MIN_POSITIVE))
    }

    #[inline(always)]
    fn small(
        &self,
        _: &[Entry<u32, [i64; 2]>],
        _: &Slot<2>,
        _: &mut SmallNode<SmallNumbers>,
    ) -> bool {
        false
    }
}
