//! Columns as bytes: every value becomes the number of its bin, so that a split is one of at most 255 and counting a node
//! costs one byte a row and column.
//!
//! Numeric columns with at most 255 distinct values keep all of them apart (a cut lies in the middle between two
//! neighbours); others are cut so that bins hold neither too many rows nor values too far apart. Categories have a bin
//! each; of more than 255 the most frequent 254 have, and rarer ones share one.
//!
//! A feature takes one column of bins. Where thresholds are drawn by chance, and features are few, it may take several
//! ([`Binner::fit_finely`]): each counts the cuts of its own stretch, and together they tell thousands of bins apart.

mod cuts;

use crate::features::{FeatureValues, Features};
use crate::{Array, State, StateError};
use cuts::Values;
use rayon::prelude::*;

/// The bin of a missing number, or of a category that is missing or was never seen.
pub(crate) const MISSING_BIN: u8 = u8::MAX;
/// Bins for values.
const VALUE_BINS: usize = 255;
/// Cuts of a column that has all it can have.
pub(crate) const MOST_CUTS: usize = VALUE_BINS - 1;
/// Columns of bins that features with many values share when they are binned finely.
pub(crate) const FINE_COLUMNS: usize = 32;
/// Columns of bins that one of them takes at most.
const MOST_OF_ONE: usize = 8;
/// Rows from which it pays to prepare a [`Search`].
const FEW_ROWS: usize = 128;

/// How a feature becomes a column of bins.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ColumnBins {
    /// Rising cuts; a value is in the bin of the first cut that is not below it.
    Numeric(Vec<f64>),
    /// The bin of each level.
    Categorical(Vec<u8>),
}

/// How a set of columns becomes bins.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Binner {
    columns: Vec<ColumnBins>,
    /// The feature of each column; those of one feature stand side by side, with rising cuts.
    features: Vec<u16>,
}

/// Bins of some rows, column by column.
#[derive(Debug)]
pub(crate) struct Binned {
    pub(crate) rows: usize,
    pub(crate) columns: Vec<Vec<u8>>,
}

impl Binner {
    /// Finds the bins of training columns.
    pub(crate) fn fit(features: &Features) -> Self {
        let columns = features.columns().par_iter().map(Values::of);
        let columns: Vec<ColumnBins> = columns.map(|values| values.coarse()).collect();
        Self {
            features: (0..columns.len() as u16).collect(),
            columns,
        }
    }

    /// The same with more cuts where features with many values are few: as many columns of bins as [`FINE_COLUMNS`] deals
    /// to each, with cuts also between neighbours that are far apart. A forest that divides by chance until its leaves are
    /// pure answers by how near rows are: each of its trees cuts elsewhere. Where all can only cut in the same places, a row
    /// falls to the same neighbour in all of them (a loss of 0.06 of AUC with two features).
    pub(crate) fn fit_finely(features: &Features) -> Self {
        let columns = features.columns().par_iter().map(Values::of);
        let columns: Vec<Values> = columns.collect();
        let many = columns.iter().filter(|own| own.are_many()).count();
        let each = match usize::from(u16::MAX).checked_sub(columns.len() + FINE_COLUMNS) {
            Some(_) => (FINE_COLUMNS / many.max(1)).clamp(1, MOST_OF_ONE),
            // Columns of bins are counted by 16 bits.
            None => 1,
        };
        let columns = columns.into_par_iter().map(|own| own.fine(each));
        let columns: Vec<Vec<ColumnBins>> = columns.collect();
        let of = |(feature, own): (usize, &Vec<ColumnBins>)| vec![feature as u16; own.len()];
        Self {
            features: columns.iter().enumerate().flat_map(of).collect(),
            columns: columns.into_iter().flatten().collect(),
        }
    }

    /// Number of columns of bins.
    pub(crate) fn width(&self) -> usize {
        self.columns.len()
    }

    /// Number of features.
    pub(crate) fn features(&self) -> usize {
        self.features
            .last()
            .map_or(0, |&last| usize::from(last) + 1)
    }

    /// Whether some features take several columns.
    pub(crate) fn is_fine(&self) -> bool {
        self.features() < self.width()
    }

    /// The feature that a column is about.
    #[inline(always)]
    pub(crate) fn feature_of(&self, column: usize) -> usize {
        usize::from(self.features[column])
    }

    /// The columns of a feature.
    pub(crate) fn columns_of(&self, feature: usize) -> std::ops::Range<usize> {
        let begin = |feature| {
            self.features
                .partition_point(|&own| usize::from(own) < feature)
        };
        begin(feature)..begin(feature + 1)
    }

    /// How a column becomes bins.
    pub(crate) fn column(&self, index: usize) -> &ColumnBins {
        &self.columns[index]
    }

    /// Whether a column holds categories.
    pub(crate) fn is_categorical(&self, index: usize) -> bool {
        matches!(self.columns.get(index), Some(ColumnBins::Categorical(_)))
    }

    /// Bins of values of an ordered column.
    pub(crate) fn bins(&self, index: usize) -> usize {
        match self.columns.get(index) {
            Some(ColumnBins::Numeric(cuts)) => cuts.len() + 1,
            _ => VALUE_BINS,
        }
    }

    /// All rows as bins, column by column.
    pub(crate) fn bin(&self, features: &Features) -> Binned {
        let columns = self.columns.par_iter().enumerate().map(|(index, bins)| {
            let mut out = vec![MISSING_BIN; features.rows()];
            if let Some(column) = features.columns().get(self.feature_of(index)) {
                bins.bin_into(&column.values, 0, &mut out, 1);
            }
            out
        });
        Binned {
            rows: features.rows(),
            columns: columns.collect(),
        }
    }

    /// One column of rows from `first` as bins, as many as there is room for. Where it is absent or of another kind the room
    /// stays as it is.
    pub(crate) fn bin_column(
        &self,
        index: usize,
        features: &Features,
        first: usize,
        out: &mut [u8],
    ) {
        if let Some(column) = features.columns().get(self.feature_of(index)) {
            self.columns[index].bin_into(&column.values, first, out, 1);
        }
    }

    /// `count` rows from `first` as bins, row by row. Columns that are absent or of another kind are missing.
    pub(crate) fn bin_rows(
        &self,
        features: &Features,
        first: usize,
        count: usize,
        out: &mut Vec<u8>,
    ) {
        let width = self.columns.len();
        out.clear();
        out.resize(count * width, MISSING_BIN);
        for (index, bins) in self.columns.iter().enumerate() {
            if let (Some(column), Some(target)) = (
                features.columns().get(self.feature_of(index)),
                out.get_mut(index..),
            ) {
                bins.bin_into(&column.values, first, target, width);
            }
        }
    }

    /// Writes the bins down.
    pub(crate) fn save(&self) -> State {
        let kinds: Vec<u8> = self
            .columns
            .iter()
            .map(|column| u8::from(matches!(column, ColumnBins::Categorical(_))))
            .collect();
        let sizes: Vec<u32> = self
            .columns
            .iter()
            .map(|column| column.len() as u32)
            .collect();
        let mut cuts = Vec::new();
        let mut levels = Vec::new();
        for column in &self.columns {
            match column {
                ColumnBins::Numeric(values) => cuts.extend_from_slice(values),
                ColumnBins::Categorical(bins) => levels.extend_from_slice(bins),
            }
        }
        let features = self.is_fine().then(|| Array::U16(self.features.clone()));
        State::default()
            .with_added("features", features)
            .with("categorical", Array::U8(kinds))
            .with("sizes", Array::U32(sizes))
            .with("cuts", Array::F64(cuts))
            .with("levels", Array::U8(levels))
    }

    /// Reads what [`save`](Self::save) wrote.
    pub(crate) fn load(state: &State) -> Result<Self, StateError> {
        let wrong = || StateError("the bins do not fit together".to_owned());
        let (kinds, sizes) = (state.u8s("categorical")?, state.u32s("sizes")?);
        let (mut cuts, mut levels) = (state.f64s("cuts")?, state.u8s("levels")?);
        if kinds.len() != sizes.len() {
            return Err(wrong());
        }
        let mut columns = Vec::with_capacity(kinds.len());
        for (&kind, &size) in kinds.iter().zip(sizes) {
            let size = size as usize;
            if kind == 0 {
                let (own, rest) = cuts.split_at_checked(size).ok_or_else(wrong)?;
                if size >= VALUE_BINS
                    || own.windows(2).any(|pair| pair[0] >= pair[1])
                    || own.iter().any(|cut| cut.is_nan())
                {
                    return Err(wrong());
                }
                columns.push(ColumnBins::Numeric(own.to_vec()));
                cuts = rest;
            } else {
                let (own, rest) = levels.split_at_checked(size).ok_or_else(wrong)?;
                columns.push(ColumnBins::Categorical(own.to_vec()));
                levels = rest;
            }
        }
        let features = if state.has_added("features")? {
            state.u16s("features")?.to_vec()
        } else {
            (0..columns.len()).map(|column| column as u16).collect()
        };
        let fitted = Self { columns, features };
        if fitted.stands_in_order() {
            Ok(fitted)
        } else {
            Err(wrong())
        }
    }

    /// Whether every feature has its columns side by side, and those of one feature are full of rising cuts.
    fn stands_in_order(&self) -> bool {
        let follows = |pair: &[u16]| pair[1] == pair[0] || Some(pair[1]) == pair[0].checked_add(1);
        let rises = |index: usize| match &self.columns[index..index + 2] {
            [ColumnBins::Numeric(low), ColumnBins::Numeric(high)] => {
                low.len() == MOST_CUTS && low.last() < high.first()
            }
            _ => false,
        };
        let features = &self.features;
        features.len() == self.columns.len()
            && features.first().is_none_or(|&first| first == 0)
            && features.windows(2).all(follows)
            && (1..features.len()).all(|at| features[at - 1] != features[at] || rises(at - 1))
    }
}

impl ColumnBins {
    fn len(&self) -> usize {
        match self {
            Self::Numeric(cuts) => cuts.len(),
            Self::Categorical(levels) => levels.len(),
        }
    }

    /// Writes the bins of rows from `first` into every `stride`-th place.
    fn bin_into(&self, values: &FeatureValues, first: usize, out: &mut [u8], stride: usize) {
        match (self, values) {
            (Self::Numeric(cuts), FeatureValues::Numeric(numbers)) => {
                let numbers = numbers.get(first..).unwrap_or_default();
                let each = out.iter_mut().step_by(stride).zip(numbers);
                if each.len() < FEW_ROWS {
                    each.for_each(|(target, &number)| {
                        *target = known(number, cuts.partition_point(|&cut| cut < number) as u8);
                    });
                } else {
                    let search = Search::new(cuts);
                    each.for_each(|(target, &number)| {
                        *target = known(number, search.bin(number));
                    });
                }
            }
            (Self::Categorical(bins), FeatureValues::Categorical { codes, .. }) => {
                for (target, &code) in out
                    .iter_mut()
                    .step_by(stride)
                    .zip(codes.get(first..).unwrap_or_default())
                {
                    *target = bins.get(code as usize).copied().unwrap_or(MISSING_BIN);
                }
            }
            _ => {}
        }
    }
}

/// The bin of a number that may be missing.
#[inline(always)]
fn known(number: f64, bin: u8) -> u8 {
    if number.is_nan() { MISSING_BIN } else { bin }
}

/// Cells of equal width between the first cut and the last.
const CELLS: usize = 1024;

/// Finds bins: a number's cell says how many cuts lie in the cells before it, and a few steps of halving those in its own.
struct Search {
    /// Filled up with infinity, past the longest step from the last one.
    cuts: [f64; 512],
    first: [u8; CELLS],
    low: f64,
    /// Cells a unit.
    scale: f64,
    /// Most steps that any cell needs.
    steps: u32,
}

impl Search {
    fn new(cuts: &[f64]) -> Self {
        let mut search = Self {
            cuts: [f64::INFINITY; 512],
            first: [0; CELLS],
            low: cuts.first().copied().unwrap_or(0.0),
            scale: 0.0,
            steps: 8,
        };
        for (slot, &cut) in search.cuts.iter_mut().zip(cuts) {
            *slot = cut;
        }
        let scale = CELLS as f64 / (cuts.last().copied().unwrap_or(0.0) - search.low);
        if !scale.is_normal() {
            return search;
        }
        search.scale = scale;
        let mut held = [0_u8; CELLS];
        cuts.iter().for_each(|&cut| held[search.cell(cut)] += 1);
        let mut before = 0;
        for (first, &own) in search.first.iter_mut().zip(&held) {
            *first = before;
            before += own;
        }
        let most = held.iter().copied().max().unwrap_or(0);
        search.steps = u8::BITS - most.leading_zeros();
        search
    }

    /// Never falls while values rise.
    #[inline(always)]
    fn cell(&self, value: f64) -> usize {
        (((value - self.low) * self.scale) as usize).min(CELLS - 1)
    }

    /// The number of cuts below a value. Halving without branches: their outcomes are hard to guess.
    #[inline(always)]
    fn bin(&self, value: f64) -> u8 {
        let mut base = self.first[self.cell(value)] as usize;
        for step in (0..self.steps).rev() {
            let half = 1 << step;
            base += usize::from(self.cuts[(base + half - 1) & 511] < value) * half;
        }
        base as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Feature;

    /// A feature of different numbers, one of few, and categories; each with a gap.
    fn features(rows: usize) -> Result<Features, String> {
        let gap = |row: usize, value: f64| if row % 97 == 5 { f64::NAN } else { value };
        let many = (0..rows).map(|row| gap(row, (row * 7919 % 9973) as f64 / 3.0));
        let few = (0..rows).map(|row| gap(row, (row % 100) as f64));
        let codes = (0..rows).map(|row| row as u32 % 4);
        let named = |name: &str, values| Feature {
            name: name.to_owned(),
            values,
        };
        let columns = vec![
            named("few", FeatureValues::Numeric(few.collect())),
            named("many", FeatureValues::Numeric(many.collect())),
            named(
                "kind",
                FeatureValues::Categorical {
                    codes: codes.collect(),
                    levels: 4,
                },
            ),
        ];
        Features::new(rows, columns)
    }

    #[test]
    fn a_feature_of_many_numbers_takes_several_columns() -> Result<(), String> {
        let features = features(2_000)?;
        let binner = Binner::fit_finely(&features);
        assert_eq!((binner.features(), binner.width()), (3, 10));
        let of = [0, 1, 8, 9].map(|column| binner.feature_of(column));
        assert_eq!(of, [0, 1, 1, 2]);
        assert_eq!(binner.columns_of(1), 1..9);
        assert!(!binner.is_categorical(8) && binner.is_categorical(9));
        let binned = binner.bin(&features);
        let FeatureValues::Numeric(values) = &features.columns()[1].values else {
            return Err("no numbers".to_owned());
        };
        let mut order: Vec<usize> = (0..2_000).filter(|row| row % 97 != 5).collect();
        order.sort_by(|one, other| values[*one].total_cmp(&values[*other]));
        let bin = |&row: &usize| {
            let bins = binned.columns[1..9].iter().map(|column| column[row]);
            bins.map(usize::from).sum::<usize>()
        };
        let mut bins: Vec<usize> = order.iter().map(bin).collect();
        assert!(bins.is_sorted());
        bins.dedup();
        assert!(bins.len() > 1_200, "{} bins", bins.len());
        assert!(
            binned.columns[..9]
                .iter()
                .all(|column| column[5] == MISSING_BIN)
        );
        let mut by_row = Vec::new();
        binner.bin_rows(&features, 40, 3, &mut by_row);
        let same = |at: usize| by_row[at] == binned.columns[at % 10][40 + at / 10];
        assert!((0..3 * 10).all(same));
        assert_eq!(Binner::fit(&features).width(), 3);
        Ok(())
    }

    #[test]
    fn columns_of_a_feature_are_read_back_in_their_order() -> Result<(), String> {
        let features = features(2_000)?;
        for binner in [Binner::fit(&features), Binner::fit_finely(&features)] {
            let read = Binner::load(&binner.save()).map_err(|error| error.to_string())?;
            assert_eq!(read, binner);
        }
        let saved = Binner::fit_finely(&features).save();
        let right: Vec<u16> = std::iter::once(0).chain([1; 8]).chain([2]).collect();
        let changed = |place: usize, to: u16| {
            let mut of = right.clone();
            of[place] = to;
            of
        };
        let later = right.iter().map(|of| of + 1).collect();
        for of in [
            changed(8, 2),
            changed(9, 1),
            changed(1, 0),
            changed(9, 3),
            changed(5, 0),
            later,
            vec![0, 1, 1],
        ] {
            let broken = saved.clone().with("features", Array::U16(of));
            assert!(Binner::load(&broken).is_err());
        }
        let without = saved.clone().with_meta("features", false);
        assert!(Binner::load(&without).is_err());
        Ok(())
    }
}
