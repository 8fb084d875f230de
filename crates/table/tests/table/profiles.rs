//! What a profile says about tables whose truth is known.
use crate::files::read_text;
use trainyard_table::{Column, Kind, Measure, Profile, Table, association, profile};

fn codes(profile: &Profile) -> Vec<(&str, Option<&str>)> {
    profile
        .warnings
        .iter()
        .map(|warning| (warning.code.as_str(), warning.column.as_deref()))
        .collect()
}

/// Deterministic noise between 0 and 1.
fn noise(row: usize, salt: u64) -> f64 {
    let mut bits = (row as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        ^ salt.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((bits ^ (bits >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

fn numbers(name: &str, rows: usize, of: impl Fn(usize) -> f64) -> Column {
    Column::numbers(name, Kind::Number, (0..rows).map(|row| Some(of(row))), None)
}

fn words(name: &str, rows: usize, of: impl Fn(usize) -> String) -> Column {
    let words: Vec<String> = (0..rows).map(of).collect();
    Column::strings(
        name,
        Kind::Category,
        words.iter().map(|word| Some(word.as_str())),
    )
}

#[test]
fn numbers_are_described_exactly() {
    let table = read_text("n,c\n4,a\n1,b\n3,a\n2,a\n,\n").unwrap().table;
    let described = profile(&table, None);
    let n = &described.columns[0];
    assert_eq!(
        (n.missing, n.distinct, n.min, n.max, n.mean),
        (1, 4, Some(1.0), Some(4.0), Some(2.5))
    );
    assert_eq!(n.quartiles, Some([1.75, 2.5, 3.25]));
    assert!((n.std.unwrap() - 1.290_994_448_735_805_6).abs() < 1e-15);
    assert_eq!(
        n.histogram.as_ref().unwrap().edges,
        [0.5, 1.5, 2.5, 3.5, 4.5]
    );
    assert_eq!(n.histogram.as_ref().unwrap().counts, [1, 1, 1, 1]);
    let c = &described.columns[1];
    assert_eq!((c.missing, c.distinct, c.other), (1, 2, Some(0)));
    let top: Vec<(&str, usize)> = c
        .top
        .as_ref()
        .unwrap()
        .iter()
        .map(|value| (value.value.as_str(), value.count))
        .collect();
    assert_eq!(top, [("a", 3), ("b", 1)]);
    let json = serde_json::to_value(&described).unwrap();
    assert_eq!(json["columns"][0]["mean"], 2.5);
    assert!(json["columns"][0].get("top").is_none());
}

#[test]
fn histograms_hold_every_value() {
    for rows in [1, 2, 30, 5000] {
        let table =
            Table::new(vec![numbers("x", rows, |row| noise(row, 1).powi(3) * 1e4)]).unwrap();
        let histogram = profile(&table, None).columns[0].histogram.clone().unwrap();
        assert_eq!(histogram.counts.iter().sum::<usize>(), rows);
        assert_eq!(histogram.edges.len(), histogram.counts.len() + 1);
        assert!(histogram.counts.len() <= 40);
    }
}

#[test]
fn copies_are_counted() {
    let mut file = String::from("a,b\n");
    for row in 0..6000 {
        file.push_str(&format!(
            "{}.5,{}\n",
            row % 50,
            if row % 3 == 0 { "x" } else { "" }
        ));
    }
    let described = profile(&read_text(&file).unwrap().table, None);
    assert_eq!(described.duplicate_rows, 6000 - 100);
    assert_eq!(codes(&described)[0], ("duplicate_rows", None));
    let none = profile(&read_text("a,b\n1,x\n1,y\n,x\n").unwrap().table, None);
    assert_eq!(none.duplicate_rows, 0);
}

#[test]
fn leaks_are_told_from_honest_columns_and_names() {
    let rows = 2000;
    let label = |row: usize| if noise(row, 1) < 0.3 { "yes" } else { "no" };
    let table = Table::new(vec![
        words("who", rows, |row| format!("person{row}")),
        numbers("refund", rows, |row| {
            if label(row) == "yes" {
                10.0 + noise(row, 2)
            } else {
                noise(row, 2)
            }
        }),
        numbers("honest", rows, |row| {
            noise(row, 3) + if label(row) == "yes" { 0.5 } else { 0.0 }
        }),
        words("target", rows, |row| label(row).to_owned()),
    ])
    .unwrap();
    let described = profile(&table, Some("target"));
    assert_eq!(codes(&described), [("leak_suspect", Some("refund"))]);
    let honest = described.columns[2].association.as_ref().unwrap();
    assert_eq!(honest.method, Measure::CorrelationRatio);
    assert!(honest.value > 0.4 && honest.value < 0.8, "{}", honest.value);

    let price = |row: usize| (noise(row, 4) * 6.0).exp();
    let table = Table::new(vec![
        numbers("log", rows, |row| price(row).ln()),
        numbers("near", rows, |row| price(row) * (0.5 + noise(row, 5))),
        numbers("price", rows, price),
    ])
    .unwrap();
    assert_eq!(
        codes(&profile(&table, Some("price"))),
        [("leak_suspect", Some("log"))]
    );
}

#[test]
fn other_warnings() {
    let rows = 1000;
    let table = Table::new(vec![
        numbers("same", rows, |_| 3.0),
        Column::numbers(
            "rare",
            Kind::Number,
            (0..rows).map(|row| (row % 4 == 0).then(|| noise(row, 1))),
            None,
        ),
        numbers("metres", rows, |row| noise(row, 2)),
        numbers("feet", rows, |row| noise(row, 2) * 3.28),
        numbers(
            "wild",
            rows,
            |row| if row == 7 { 1e6 } else { noise(row, 3) },
        ),
        words("code", rows, |row| format!("c{}", row % 5)),
        words("word", rows, |row| format!("w{}", row % 5)),
        words("outcome", rows, |row| {
            if noise(row, 6) < 0.03 { "ill" } else { "well" }.to_owned()
        }),
    ])
    .unwrap();
    let described = profile(&table, Some("outcome"));
    let want = [
        ("imbalance", Some("outcome")),
        ("mostly_missing", Some("rare")),
        ("constant", Some("same")),
        ("twin_columns", Some("feet")),
        ("twin_columns", Some("word")),
        ("outliers", Some("wild")),
    ];
    assert_eq!(codes(&described), want);
    assert!(
        described
            .warnings
            .iter()
            .all(|warning| warning.detail.ends_with('.') && warning.action.ends_with('.'))
    );
}

#[test]
fn targets_are_suggested_by_name_then_place() {
    let suggested = |header: &str| {
        let body: String = (0..60)
            .map(|row| format!("{},{},k{row}\n", row % 7, row % 5))
            .collect();
        profile(
            &read_text(&format!("{header}\n{body}")).unwrap().table,
            None,
        )
        .suggested_target
    };
    assert_eq!(suggested("survived,age,name").as_deref(), Some("survived"));
    assert_eq!(suggested("a,b,name").as_deref(), Some("b"));
    assert_eq!(
        suggested("sale_price,b,name").as_deref(),
        Some("sale_price")
    );
    assert_eq!(suggested("passenger_class,b,name").as_deref(), Some("b"));
}

#[test]
fn relations_have_the_measure_that_fits() {
    let rows = 3000;
    let table = Table::new(vec![
        numbers("x", rows, |row| noise(row, 1)),
        numbers("minus", rows, |row| -noise(row, 1) + 0.01 * noise(row, 2)),
        words("third", rows, |row| {
            format!("{}", (noise(row, 1) * 3.0) as usize)
        }),
        words("coin", rows, |row| format!("{}", noise(row, 4) < 0.5)),
    ])
    .unwrap();
    let found = profile(&table, None).correlations;
    let value = |a: &str, b: &str| {
        found
            .iter()
            .find(|pair| pair.a == a && pair.b == b)
            .map(|pair| (pair.value, pair.method))
            .unwrap()
    };
    assert!(value("x", "minus").0 < -0.999 && value("x", "minus").1 == Measure::Pearson);
    assert!((value("x", "third").0 - (8.0_f64 / 9.0).sqrt()).abs() < 0.01);
    assert!(value("third", "coin").0 < 0.06 && value("third", "coin").1 == Measure::CramersV);
    assert_eq!(association(&table, "third").len(), 3);
    assert!(association(&table, "nobody").is_empty());
}
