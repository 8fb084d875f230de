//! Free text: what reads like sentences is counted, what reads like names is left out.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

#[path = "support/supervised.rs"]
#[expect(dead_code, reason = "shared with other tests, which need more of it")]
mod supervised;

use supervised::{Case, FREE, ONE_HOT, draw};
use trainyard_estimators::algorithm::algorithm;
use trainyard_estimators::explain::contributions;
use trainyard_estimators::importance::permutation;
use trainyard_estimators::metrics::{metric, score};
use trainyard_estimators::pipeline::Pipeline;
use trainyard_estimators::preparation::PreparationOptions;
use trainyard_estimators::target::TargetEncoder;
use trainyard_estimators::{FeatureValues, Features, FitContext, Params, Target, Task};
use trainyard_table::{Column, Kind, Table};

const FILLERS: [&str; 16] = [
    "the",
    "hotel",
    "room",
    "was",
    "very",
    "we",
    "stayed",
    "there",
    "for",
    "a",
    "week",
    "and",
    "breakfast",
    "near",
    "station",
    "again",
];

/// Texts of some ten words; whether a text praises is the word that it ends or begins with.
fn reviews(rows: u64, stream: u64) -> (Vec<String>, Vec<u32>) {
    let text = |row: u64| {
        let praise = draw(row, stream) & 1;
        let count = 7 + draw(row, stream + 1) % 6;
        let filler = |place| FILLERS[(draw(row * 64 + place, stream + 2) % 16) as usize];
        let mut words = (0..count).map(filler).collect::<Vec<_>>();
        let opinions = [["Dirty", "noisy", "rude"], ["Lovely", "quiet", "friendly"]];
        let place = draw(row, stream + 3) % (count + 1);
        words.insert(
            place as usize,
            opinions[praise as usize][(draw(row, stream + 4) % 3) as usize],
        );
        (words.join(" ") + ".", praise as u32)
    };
    (0..rows).map(text).unzip()
}

fn story(texts: &[Option<&str>]) -> Table {
    Table::new(vec![Column::strings(
        "story",
        Kind::Text,
        texts.iter().copied(),
    )])
    .unwrap()
}

fn stories(texts: &[String]) -> Table {
    story(
        &texts
            .iter()
            .map(|text| Some(text.as_str()))
            .collect::<Vec<_>>(),
    )
}

fn row(features: &Features, row: usize) -> Vec<f64> {
    let value = |values: &FeatureValues| match values {
        FeatureValues::Numeric(values) => values[row],
        FeatureValues::Categorical { .. } => panic!("a category"),
    };
    features
        .columns()
        .iter()
        .map(|column| value(&column.values))
        .collect()
}

#[test]
fn prose_becomes_counts_of_its_words() {
    let (mut texts, _) = reviews(800, 1);
    texts[0] = "Lovely room, LOVELY breakfast".to_owned();
    texts[1] = "lovely room lovely: breakfast!".to_owned();
    texts[2] = "...".to_owned();
    let train = stories(&texts);
    let (fitted, features) = Case::new(&train).fit(ONE_HOT);
    assert_eq!(features.columns().len(), 64);
    assert_eq!(features.columns()[63].name, "story words 64");
    assert_eq!(fitted.columns()[0].features.len(), 64);
    assert_eq!(
        fitted.columns()[0].steps,
        [
            "words and pairs of words are counted in 64 columns by their hash",
            "counts as logarithms, each row brought to length 1"
        ]
    );
    let length = |index| {
        row(&features, index)
            .iter()
            .map(|value| value * value)
            .sum::<f64>()
    };
    assert!((length(0) - 1.0).abs() < 1e-12 && (length(7) - 1.0).abs() < 1e-12);
    assert_eq!(row(&features, 0), row(&features, 1));
    assert_eq!(length(2), 0.0);
    // Three words, one of them twice, and three pairs; nobody tells words from pairs, nor has pairs of equal words.
    let once = row(&features, 0)
        .into_iter()
        .filter(|value| *value != 0.0)
        .count();
    assert!((4..=6).contains(&once), "{once}");
    assert_eq!(
        format!("{:?}", fitted.transform(&train)),
        format!("{features:?}")
    );
}

#[test]
fn missing_texts_have_no_words() {
    let (texts, _) = reviews(400, 2);
    let cells = texts
        .iter()
        .enumerate()
        .map(|(row, text)| (row != 3).then_some(text.as_str()));
    let train = story(&cells.collect::<Vec<_>>());
    let (fitted, features) = Case::new(&train).fit(ONE_HOT);
    assert_eq!(features.columns().len(), 33);
    assert_eq!(features.columns()[32].name, "story missing");
    let mut empty = vec![0.0; 32];
    empty.push(1.0);
    assert_eq!(row(&features, 3), empty);
    assert_eq!(row(&features, 4)[32], 0.0);
    assert_eq!(fitted.columns()[0].steps[2], "missing (1 row) has no words");
    let (_, features) = Case::new(&train).fit(FREE);
    assert!(row(&features, 3).iter().all(|value| value.is_nan()) && features.columns().len() == 32);
}

#[test]
fn names_are_left_out_unless_they_are_asked_for() {
    let names = (0..300_u64).map(|row| {
        format!(
            "Person{} van der Familie{}",
            draw(row, 1) % 9_000,
            draw(row, 2) % 9_000
        )
    });
    let mut columns = stories(&names.collect::<Vec<_>>()).columns().to_vec();
    columns.push(Column::numbers(
        "size",
        Kind::Number,
        (0..300).map(|row| Some(f64::from(row))),
        None,
    ));
    let train = Table::new(columns).unwrap();
    let (fitted, _) = Case::new(&train).fit(FREE);
    assert!(!fitted.columns()[0].used);
    assert!(
        fitted.columns()[0]
            .note
            .as_deref()
            .unwrap()
            .starts_with("left out: free text that reads like names")
    );
    let options = PreparationOptions {
        chosen: ["story".to_owned()].into(),
        ..PreparationOptions::new(FREE)
    };
    let (fitted, features) = Case::new(&train).fit_with(&options);
    assert_eq!(features.columns()[0].name, "story letters 1");
    // A name written in another way is nearer to itself than to another one.
    let near = story(&[
        Some("Person123 van der Familie456"),
        Some("person123 von der familie456"),
        Some("Jane Doe"),
    ]);
    let asked = fitted.transform(&near);
    let alike = |one: usize, other: usize| {
        let other = row(&asked, other);
        row(&asked, one)[..16]
            .iter()
            .zip(&other)
            .map(|(a, b)| a * b)
            .sum::<f64>()
    };
    assert!(
        alike(0, 1) > 0.5 && alike(0, 1) > alike(0, 2) + 0.3,
        "{} {}",
        alike(0, 1),
        alike(0, 2)
    );
}

#[test]
fn scripts_without_spaces_are_prose_too() {
    let letters = "天气很好我们坐火车去海边吃鱼看书听雨"
        .chars()
        .collect::<Vec<_>>();
    let texts = (0..200_u64).map(|row| {
        let letter = |place| letters[(draw(row * 32 + place, 3) % letters.len() as u64) as usize];
        (0..12).map(letter).collect::<String>()
    });
    let (fitted, features) = Case::new(&stories(&texts.collect::<Vec<_>>())).fit(FREE);
    assert!(fitted.columns()[0].used);
    assert!(
        row(&features, 0)
            .iter()
            .filter(|value| **value != 0.0)
            .count()
            > 5
    );
}

#[test]
fn models_learn_from_words_and_name_their_column() {
    let (texts, praise) = reviews(1_500, 11);
    let (train, test) = (stories(&texts[..1_200]), stories(&texts[1_200..]));
    let target = |classes: &[u32]| Target::Classes {
        indices: classes.to_vec(),
        classes: 2,
    };
    let labels = Column::strings("y", Kind::Category, [Some("bad"), Some("good")]);
    let encoder = TargetEncoder::fit(&labels, Task::Classification).unwrap();
    for name in [
        "logistic_regression",
        "gradient_boosting",
        "random_forest",
        "svm",
        "neural_net",
    ] {
        let found = algorithm(name).unwrap();
        let params = Params::check(
            found.spec().params,
            Task::Classification,
            &serde_json::Map::new(),
        )
        .unwrap();
        let context = FitContext::silent(1);
        let pipeline = Pipeline::fit(
            &train,
            &["story".to_owned()],
            &encoder,
            &target(&praise[..1_200]),
            found,
            &params,
            None,
            &context,
        )
        .unwrap();
        let truth = target(&praise[1_200..]);
        let accuracy = score("accuracy", &truth, &pipeline.predict(&test)).unwrap();
        assert!(accuracy > 0.8, "{name}: {accuracy}");
        let loaded = Pipeline::load(&pipeline.save()).unwrap();
        assert_eq!(loaded.predict(&test), pipeline.predict(&test), "{name}");
        if name == "gradient_boosting" {
            let spec = metric("accuracy").unwrap();
            let worth = permutation(&pipeline, &test, &truth, spec, &context).unwrap();
            assert_eq!((worth.len(), worth[0].column.as_str()), (1, "story"));
            assert!(worth[0].mean > 0.25, "{worth:?}");
            let reasons = contributions(&pipeline, &test, Some(&train), &context).unwrap();
            assert_eq!(reasons.columns, ["story"]);
        }
    }
}
