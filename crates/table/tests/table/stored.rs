//! Parquet there and back, hostile Parquet, and rows decoded into a schema.
use crate::files::{read_bytes, read_text};
use proptest::prelude::*;
use serde_json::json;
use trainyard_table::{
    Cell, CellProblemCode, Column, Field, Format, Kind, ParquetSource, ReadOptions, Schema, Table,
    TableError, TableSource, conform, preview, read_parquet, rows_from_json, write_parquet,
};

fn cells(table: &Table) -> Vec<Vec<Cell>> {
    table
        .columns()
        .iter()
        .map(|column| (0..table.rows()).map(|row| column.cell(row)).collect())
        .collect()
}

fn stored(table: &Table) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_parquet(table, &mut bytes).unwrap();
    bytes
}

fn sample() -> Table {
    read_text("n,m,ok,when,word\n1,0.5,Yes,2024-02-29 10:00,a\n2,,No,,b\n,-1e300,,1950-01-01,\n4,7,Yes,2000-01-01,a\n").unwrap().table
}

#[test]
fn tables_come_back_with_kinds_and_labels() {
    let table = sample();
    let bytes = stored(&table);
    let back = read_parquet(bytes.clone().into()).unwrap();
    assert_eq!(back.schema(), table.schema());
    assert_eq!(cells(&back), cells(&table));
    assert_eq!(back.columns()[2].labels().unwrap()[1], "Yes");
    let uploaded = read_bytes(&bytes, &ReadOptions::default()).unwrap();
    assert_eq!(
        (uploaded.format, uploaded.table.schema()),
        (Format::Parquet, table.schema())
    );
}

#[test]
fn any_number_of_threads_stores_the_same_bytes_and_reads_the_same_table() {
    let rows = 140_000;
    let words = ["x", "", "long enough to be told apart", "z"];
    let numbers = |step: usize| {
        let cell =
            move |row: usize| (!row.is_multiple_of(7)).then_some((row * step % 9_973) as f64 / 8.0);
        Column::numbers(format!("n{step}"), Kind::Number, (0..rows).map(cell), None)
    };
    let texts = |step: usize| {
        let cell = move |row: usize| (!row.is_multiple_of(5)).then_some(words[row * step % 4]);
        Column::strings(format!("w{step}"), Kind::Category, (0..rows).map(cell))
    };
    let columns = vec![numbers(1), texts(3), numbers(77), texts(1), numbers(5)];
    let table = Table::new(columns).unwrap();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build().unwrap().install(|| {
            let bytes = stored(&table);
            let back = read_parquet(bytes.clone().into()).unwrap();
            (bytes, back)
        })
    };
    let (bytes, back) = on(1);
    assert_eq!(back.schema(), table.schema());
    assert_eq!(cells(&back), cells(&table));
    for threads in [2, 3, 8] {
        let (other, read) = on(threads);
        assert!(other == bytes, "{threads} threads");
        assert_eq!((read.schema(), read.rows()), (table.schema(), rows));
        assert_eq!(cells(&read), cells(&table), "{threads} threads");
    }
}

#[test]
fn groups_together_are_the_whole() {
    let rows = 300_000;
    let words = ["x", "y", "z"];
    let table = Table::new(vec![
        Column::numbers(
            "n",
            Kind::Number,
            (0..rows).map(|row| (row % 5 != 0).then_some(row as f64)),
            None,
        ),
        Column::strings(
            "w",
            Kind::Category,
            (0..rows).map(|row| Some(words[row % 3])),
        ),
    ])
    .unwrap();
    let source = ParquetSource::open(stored(&table).into()).unwrap();
    assert_eq!((source.rows(), source.groups()), (rows, 3));
    let mut begin = 0;
    for group in 0..source.groups() {
        let part = source.group(group).unwrap();
        assert_eq!(cells(&part), cells(&table.slice(begin, part.rows())));
        begin += part.rows();
    }
    assert_eq!(begin, rows);
    assert!(source.group(3).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_parquet_is_an_error_or_a_table(place in 0.0..1.0_f64, byte in any::<u8>(), cut in prop::option::of(0.0..1.0_f64)) {
        let mut bytes = stored(&sample());
        let at = (bytes.len() as f64 * place) as usize;
        bytes[at] = byte;
        if let Some(cut) = cut {
            bytes.truncate((bytes.len() as f64 * cut) as usize);
        }
        let _ = read_bytes(&bytes, &ReadOptions { format: Some(Format::Parquet), ..ReadOptions::default() });
        let _ = read_parquet(bytes.into());
    }
}

fn schema() -> Schema {
    let field = |name: &str, kind: Kind, labels: Option<[&str; 2]>| Field {
        name: name.to_owned(),
        kind,
        labels: labels.map(|labels| labels.map(str::to_owned)),
    };
    Schema {
        fields: vec![
            field("age", Kind::Integer, None),
            field("ok", Kind::Boolean, Some(["No", "Yes"])),
            field("when", Kind::Date, None),
            field("zip", Kind::Category, None),
        ],
    }
}

#[test]
fn rows_from_requests_are_decoded() {
    let rows = [
        json!({"age": 30, "ok": "yes", "when": "2024-02-29", "zip": "01234"}),
        json!({"age": "3,5", "ok": true, "when": 86400, "zip": 7, "extra": 1}),
        json!({"age": "old", "ok": "maybe", "when": null}),
        json!([1, 0, "NA", null]),
    ];
    let decoded = rows_from_json(&schema(), &rows).unwrap();
    assert_eq!(
        cells(&decoded.table)[0],
        [
            Cell::Integer(30),
            Cell::Number(3.5),
            Cell::Missing,
            Cell::Integer(1)
        ]
    );
    assert_eq!(
        cells(&decoded.table)[1],
        [
            Cell::Text("Yes".into()),
            Cell::Text("Yes".into()),
            Cell::Missing,
            Cell::Text("No".into())
        ]
    );
    assert_eq!(
        cells(&decoded.table)[3],
        [
            Cell::Text("01234".into()),
            Cell::Text("7".into()),
            Cell::Missing,
            Cell::Missing
        ]
    );
    let codes: Vec<Vec<(&str, CellProblemCode)>> = decoded
        .problems
        .iter()
        .map(|problems| {
            problems
                .iter()
                .map(|problem| (problem.column.as_str(), problem.code))
                .collect()
        })
        .collect();
    use CellProblemCode::{Missing, UnknownColumn, WrongType};
    assert_eq!(codes[0], []);
    assert_eq!(codes[1], [("extra", UnknownColumn)]);
    assert_eq!(
        codes[2],
        [
            ("age", WrongType),
            ("ok", WrongType),
            ("when", Missing),
            ("zip", Missing)
        ]
    );
    assert_eq!(codes[3], [("when", Missing), ("zip", Missing)]);
    assert!(matches!(
        rows_from_json(&schema(), &[json!([1])]),
        Err(TableError::Json { row: 1, .. })
    ));
    assert!(matches!(
        rows_from_json(&schema(), &[json!({}), json!(3)]),
        Err(TableError::Json { row: 2, .. })
    ));
    assert_eq!(rows_from_json(&schema(), &[]).unwrap().table.rows(), 0);
}

#[test]
fn other_files_conform() {
    let file = "zip,new,ok,age\n1234,x,YES,5\n99999,y,no,\n";
    let table = read_bytes(file.as_bytes(), &ReadOptions::for_schema(&schema()))
        .unwrap()
        .table;
    let decoded = conform(&table, &schema());
    let names: Vec<&str> = decoded.table.columns().iter().map(Column::name).collect();
    assert_eq!(names, ["age", "ok", "when", "zip"]);
    assert_eq!(
        cells(&decoded.table)[1],
        [Cell::Text("Yes".into()), Cell::Text("No".into())]
    );
    assert_eq!(
        cells(&decoded.table)[3],
        [Cell::Text("1234".into()), Cell::Text("99999".into())]
    );
    assert_eq!(decoded.table.schema(), &schema());
    let columns = |row: usize| {
        decoded.problems[row]
            .iter()
            .map(|problem| problem.column.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (columns(0), columns(1)),
        (vec!["when", "new"], vec!["age", "when"])
    );
    // Read without the schema: kinds are brought over all the same.
    let plain = conform(&read_text(file).unwrap().table, &schema());
    assert_eq!(cells(&plain.table), cells(&decoded.table));
}

#[test]
fn previews_show_cells_as_they_stand() {
    let shown = preview(b"a;b\n01;2,5\nx;\ncu", "t.csv", &ReadOptions::default()).unwrap();
    assert_eq!(
        shown.rows,
        [
            [Some("01".to_owned()), Some("2,5".to_owned())],
            [Some("x".to_owned()), None]
        ]
    );
    let json = serde_json::to_value(&shown).unwrap();
    assert_eq!(
        (
            &json["delimiter"],
            &json["encoding"],
            &json["decimal"],
            &json["header"]
        ),
        (&json!(";"), &json!("utf-8"), &json!(","), &json!(true))
    );
    assert_eq!(
        json["columns"][1],
        json!({"name": "b", "kind": "number", "notes": []})
    );
    assert_eq!(
        preview(
            b"{\"a\":1}\n{\"a\":2}\n{\"a\":",
            "t.jsonl",
            &ReadOptions::default()
        )
        .unwrap()
        .rows
        .len(),
        2
    );
    let whole = preview(&stored(&sample()), "t.parquet", &ReadOptions::default()).unwrap();
    assert_eq!(whole.rows[0][3].as_deref(), Some("2024-02-29T10:00:00"));
    assert_eq!(
        preview(b"a,b\n1,2\n3\n4,5\n", "t.csv", &ReadOptions::default()).unwrap_err(),
        TableError::Ragged {
            row: 3,
            expected: 2,
            found: 1
        }
    );
}
