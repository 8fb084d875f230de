//! Preparations that look at a target.
#![expect(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "shared by tests, which may stop at the first surprise"
)]

use trainyard_estimators::preparation::{Preparation, PreparationOptions, Supervision};
use trainyard_estimators::split::Division;
use trainyard_estimators::{FeatureValues, Features, Needs, Target};
use trainyard_table::{Column, Kind, Table};

/// An algorithm with a column per value.
pub const ONE_HOT: Needs = Needs {
    scaling: true,
    imputation: true,
};
/// An algorithm that takes categories and gaps as they are.
pub const FREE: Needs = Needs {
    scaling: false,
    imputation: false,
};

/// What one preparation learns from.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    pub table: &'a Table,
    pub target: &'a Target,
    pub weights: Option<&'a [f64]>,
    pub division: &'a Division,
    pub seed: u64,
}

static NUMBERED: std::sync::OnceLock<Target> = std::sync::OnceLock::new();

impl<'a> Case<'a> {
    /// With a target of numbers that rises and falls by row.
    pub fn new(table: &'a Table) -> Self {
        let target = NUMBERED
            .get_or_init(|| Target::Values((0..30_000).map(|row| number(row, 77)).collect()));
        let target = if target.len() == table.rows() {
            target
        } else {
            Box::leak(Box::new(
                target.take(&(0..table.rows()).collect::<Vec<_>>()),
            ))
        };
        Self {
            table,
            target,
            weights: None,
            division: &Division::Stratified,
            seed: 1,
        }
    }

    /// All columns prepared for an algorithm that takes weak statistics too.
    pub fn fit(&self, needs: Needs) -> (Preparation, Features) {
        self.fit_with(&PreparationOptions {
            weak_statistics: true,
            ..PreparationOptions::new(needs)
        })
    }

    /// All columns prepared as asked.
    pub fn fit_with(&self, options: &PreparationOptions) -> (Preparation, Features) {
        let names = self.table.columns().iter();
        let names = names
            .map(|column| column.name().to_owned())
            .collect::<Vec<_>>();
        let supervision = Supervision {
            target: self.target,
            weights: self.weights,
            division: self.division,
            seed: self.seed,
        };
        Preparation::fit_transform(self.table, &names, supervision, options).unwrap()
    }
}

/// The codes of a feature, and how many there are.
pub fn codes(features: &Features, index: usize) -> (&[u32], u32) {
    match &features.columns()[index].values {
        FeatureValues::Categorical { codes, levels } => (codes, *levels),
        FeatureValues::Numeric(_) => panic!("numbers"),
    }
}

/// Random bits by row and stream (SplitMix64).
pub fn draw(row: u64, stream: u64) -> u64 {
    let mut bits =
        (row + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ stream.wrapping_mul(0xd134_2543_de82_ef95);
    for shift in [30, 27, 31] {
        bits = (bits ^ (bits >> shift)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    }
    bits ^ (bits >> 29)
}

/// A random number in [0, 1).
pub fn number(row: u64, stream: u64) -> f64 {
    (draw(row, stream) >> 11) as f64 / (1_u64 << 53) as f64
}

/// A category of 300 values, prose with gaps, and a small category with rare values.
pub fn mixed(rows: usize) -> Table {
    const WORDS: [&str; 12] = [
        "the", "train", "was", "late", "again", "and", "nobody", "said", "why", "it", "never",
        "comes",
    ];
    let row_numbers = || 0..rows as u64;
    let codes = row_numbers().map(|row| format!("value {:04}", draw(row, 1) % 300));
    let codes = codes.collect::<Vec<_>>();
    let stories = row_numbers().map(|row| {
        let words =
            (0..6 + draw(row, 4) % 5).map(|place| WORDS[(draw(row, 20 + place) % 12) as usize]);
        words.collect::<Vec<_>>().join(" ")
    });
    let stories = stories.collect::<Vec<_>>();
    let towns = row_numbers().map(|row| {
        if row < 6 {
            ["x", "y", "z"][row as usize / 2]
        } else {
            ["a", "b"][row as usize % 2]
        }
    });
    let story = |(row, story)| (row % 13 != 4).then_some(story);
    Table::new(vec![
        Column::strings(
            "code",
            Kind::Category,
            codes.iter().map(|code| Some(code.as_str())),
        ),
        Column::strings(
            "story",
            Kind::Text,
            stories.iter().map(String::as_str).enumerate().map(story),
        ),
        Column::strings("town", Kind::Category, towns.map(Some)),
    ])
    .unwrap()
}
