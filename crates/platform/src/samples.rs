//! Data sets that come with the program, so that nobody needs a file of their own to begin. One line a sample;
//! where they come from is in `samples/README.md` beside the files.

/// A data set inside the program.
#[derive(Clone, Copy)]
pub struct Sample {
    /// Stable name.
    pub name: &'static str,
    /// Name for people.
    pub title: &'static str,
    /// What it is good for, in one sentence.
    pub description: &'static str,
    /// What its file is called.
    pub file: &'static str,
    /// `csv` or `pictures`.
    pub format: &'static str,
    /// Rows.
    pub rows: u32,
    /// Columns.
    pub columns: u32,
    /// `classification` or `regression`.
    pub task: &'static str,
    /// The column to predict.
    pub target: &'static str,
    /// Where it comes from, and under which licence.
    pub source: &'static str,
    /// The file.
    pub(crate) bytes: &'static [u8],
}

impl std::fmt::Debug for Sample {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Sample")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

macro_rules! samples {
    ($($name:literal, $title:literal, $rows:literal, $columns:literal, $task:literal, $target:literal, $description:literal, $source:literal;)*) => {
        /// Every sample, pictures first, then tables, simplest first.
        pub const SAMPLES: &[Sample] = &[DIGITS, $(Sample {
            name: $name,
            file: concat!($name, ".csv"),
            format: "csv",
            title: $title,
            description: $description,
            rows: $rows,
            columns: $columns,
            task: $task,
            target: $target,
            source: $source,
            bytes: include_bytes!(concat!("../samples/", $name, ".csv")),
        }),*];
    };
}

samples! {
    "titanic", "Titanic passengers", 1_309, 5, "classification", "survived",
    "Who survived? Names and missing ages included.",
    "TitanicSurvival of the R package carData; public passenger list";
    "iris", "Iris flowers", 150, 5, "classification", "species",
    "Three kinds of iris told apart by four measurements: the classic first run.",
    "scikit-learn (BSD-3-Clause); UCI Iris, CC BY 4.0";
    "penguins", "Palmer penguins", 344, 8, "classification", "species",
    "Three species with a few missing cells and two text columns.",
    "palmerpenguins 0.1.6; data CC0";
    "sacramento_housing", "Sacramento house prices", 932, 9, "regression", "price",
    "What a house sells for, from its size, rooms and place.",
    "R package modeldata (MIT)";
    "diabetes", "Diabetes progression", 442, 11, "regression", "target",
    "A small and noisy set: how much better than guessing is possible?",
    "scikit-learn (BSD-3-Clause); Efron et al. 2004";
    "credit_default", "Credit card default", 10_000, 4, "classification", "default",
    "Only 3 of 100 default: see why accuracy misleads.",
    "islp 0.6.0 (BSD-3-Clause); simulated by the authors of An Introduction to Statistical Learning";
    "seattle_weather", "Seattle weather", 1_461, 6, "classification", "weather",
    "Sun, rain, fog, drizzle or snow: a date column and rare classes.",
    "vega-datasets 0.9.0 (MIT); NOAA, public domain";
    "digits_8x8", "Handwritten digits", 1_797, 65, "classification", "digit",
    "Pictures of 8 by 8 pixels as a table.",
    "scikit-learn (BSD-3-Clause); UCI digits, CC BY 4.0";
}

/// Handwritten digits, which the house itself learns from at its first start.
pub(crate) const DIGITS: Sample = Sample {
    name: "digits",
    file: "digits.zip",
    format: crate::datasets::upload::PICTURES,
    title: "Handwritten digits, 28 by 28",
    description: "20,000 pictures of the digits 0 to 9: train, then draw one yourself.",
    rows: 20_000,
    columns: 785,
    task: "classification",
    target: "label",
    source: "MNIST by Y. LeCun, C. Cortes and C. Burges, CC BY-SA 3.0",
    bytes: include_bytes!("../samples/digits.zip"),
};

/// The sample of this name.
pub(crate) fn sample(name: &str) -> Option<&'static Sample> {
    SAMPLES.iter().find(|sample| sample.name == name)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]
    use super::*;

    #[test]
    fn every_line_says_what_its_file_holds() {
        for sample in SAMPLES.iter().filter(|sample| sample.format == "csv") {
            let text = std::str::from_utf8(sample.bytes).unwrap();
            let mut lines = text.lines();
            let header: Vec<&str> = lines.next().unwrap().split(',').collect();
            assert_eq!(header.len(), sample.columns as usize, "{}", sample.name);
            assert!(
                header
                    .iter()
                    .any(|name| name.trim_matches('"') == sample.target),
                "{}: {header:?}",
                sample.name
            );
            assert_eq!(lines.count(), sample.rows as usize, "{}", sample.name);
        }
    }

    #[test]
    fn the_pictures_are_what_their_line_says() {
        let limits = trainyard_images::SetLimits::default();
        let set = trainyard_images::PictureSet::read(std::io::Cursor::new(DIGITS.bytes), &limits)
            .unwrap();
        assert_eq!(set.len(), DIGITS.rows as usize);
        assert_eq!(set.shape.pixels() + 1, DIGITS.columns as usize);
        assert_eq!(set.shape.content, trainyard_table::PictureContent::Ink);
        assert_eq!(
            set.classes,
            ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]
        );
    }
}
