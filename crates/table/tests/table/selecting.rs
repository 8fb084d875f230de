//! Pages of sorted and filtered rows are those that sorting and filtering everything would give; columns are made another
//! kind after they were read; the end of a Parquet file tells what is in it.
use crate::files::read_bytes;
use arrow_array::{ArrayRef, Int32Array, RecordBatch, StringArray, TimestampSecondArray};
use parquet::arrow::ArrowWriter;
use proptest::prelude::*;
use std::sync::Arc;
use trainyard_table::*;

fn query(column: &str, descending: bool, filter: Option<RowFilter>) -> RowQuery {
    let order = RowOrder {
        column: column.to_owned(),
        descending,
    };
    RowQuery {
        order: Some(order),
        filter,
    }
}

/// The same order by sorting all rows, gaps behind.
fn plainly(table: &Table, column: &str, descending: bool) -> Vec<usize> {
    let column = table.column(column).unwrap();
    let mut rows: Vec<usize> = (0..table.rows()).collect();
    rows.sort_by(|one, other| {
        let gaps = column.is_missing(*one).cmp(&column.is_missing(*other));
        let by_value = match (column.number(*one), column.number(*other)) {
            (Some(one), Some(other)) => one.total_cmp(&other),
            _ => {
                let small = |row: usize| {
                    let text = column.text(row).unwrap_or_default();
                    (text.to_lowercase(), text.to_owned())
                };
                small(*one).cmp(&small(*other))
            }
        };
        gaps.then(if descending {
            by_value.reverse()
        } else {
            by_value
        })
    });
    rows
}

proptest! {
    #[test]
    fn pages_are_pieces_of_the_whole_order(
        numbers in prop::collection::vec(prop::option::of(-5_i32..5), 1..60),
        words in prop::collection::vec(prop::option::of("[aAbBäÄ]{0,2}"), 60),
        offset in 0_usize..70,
        limit in 0_usize..70,
        descending in any::<bool>(),
    ) {
        let rows = numbers.len();
        let words = words.iter().take(rows).map(|word| word.as_deref().filter(|word| !word.is_empty()));
        let table = Table::new(vec![
            Column::numbers("n", Kind::Integer, numbers.iter().map(|number| number.map(f64::from)), None),
            Column::strings("w", Kind::Category, words),
        ]).unwrap();
        for column in ["n", "w"] {
            let expected = plainly(&table, column, descending);
            let found = select_rows(&table, &query(column, descending, None), offset, limit).unwrap();
            let page: Vec<usize> = expected.iter().copied().skip(offset).take(limit).collect();
            prop_assert_eq!(&found, &Selected { rows: page, total: rows });
            let filter = RowFilter { column: "n".to_owned(), operator: Operator::AtLeast, value: "0".to_owned() };
            let found = select_rows(&table, &query(column, descending, Some(filter)), offset, limit).unwrap();
            let passing: Vec<usize> = expected.into_iter().filter(|row| table.columns()[0].number(*row).is_some_and(|value| value >= 0.0)).collect();
            let page: Vec<usize> = passing.iter().copied().skip(offset).take(limit).collect();
            prop_assert_eq!(&found, &Selected { rows: page, total: passing.len() });
        }
    }
}

/// More different texts than are ranked beforehand.
#[test]
fn names_that_all_differ_are_sorted_too() {
    let rows = 70_000;
    let names: Vec<String> = (0..rows)
        .map(|row| format!("Né {}", row * 7_919 % rows))
        .collect();
    let table = Column::strings(
        "name",
        Kind::Identifier,
        names.iter().map(|name| Some(name.as_str())),
    );
    let table = Table::new(vec![table]).unwrap();
    for (descending, offset) in [(false, 0), (true, 0), (false, 34_990), (true, 69_995)] {
        let expected = plainly(&table, "name", descending);
        let found = select_rows(&table, &query("name", descending, None), offset, 10).unwrap();
        let page: Vec<usize> = expected.into_iter().skip(offset).take(10).collect();
        assert_eq!(found.rows, page, "{descending} {offset}");
    }
}

fn of_kinds(kinds: &[(&str, Kind)]) -> ReadOptions {
    let kinds = kinds.iter().map(|(name, kind)| ((*name).to_owned(), *kind));
    ReadOptions {
        kinds: kinds.collect(),
        ..ReadOptions::default()
    }
}

/// A file that was stored with its kinds keeps those of the other columns.
#[test]
fn columns_of_a_stored_table_are_made_another_kind() {
    let labels = Some(["no".to_owned(), "yes".to_owned()]);
    let days = [Some(0.0), None, Some(86_400.0), Some(86_400.0)];
    let table = Table::new(vec![
        Column::numbers(
            "truth",
            Kind::Boolean,
            [Some(0.0), Some(1.0), None, Some(1.0)],
            labels,
        ),
        Column::numbers("day", Kind::Date, days, None),
        Column::strings(
            "word",
            Kind::Category,
            [Some("1"), Some("2.5"), Some("many"), None],
        ),
        Column::numbers(
            "count",
            Kind::Number,
            [Some(1.0), Some(2.5), None, Some(4.0)],
            None,
        ),
    ])
    .unwrap();
    let mut bytes = Vec::new();
    write_parquet(&table, &mut bytes).unwrap();
    let options = of_kinds(&[("word", Kind::Number), ("count", Kind::Integer)]);
    let read = read_bytes(&bytes, &options).unwrap();
    let kinds: Vec<Kind> = read.table.columns().iter().map(Column::kind).collect();
    assert_eq!(
        kinds,
        [Kind::Boolean, Kind::Date, Kind::Number, Kind::Number],
        "a column with fractions is of numbers, whole or not"
    );
    let cells = |column: usize| {
        let column = &read.table.columns()[column];
        (0..4).map(|row| column.cell(row)).collect::<Vec<_>>()
    };
    let text = |text: &str| Cell::Text(text.to_owned());
    assert_eq!(
        cells(0),
        [text("no"), text("yes"), Cell::Missing, text("yes")]
    );
    assert_eq!(cells(1)[2], text("1970-01-02"));
    assert_eq!(
        cells(2),
        [
            Cell::Number(1.0),
            Cell::Number(2.5),
            Cell::Missing,
            Cell::Missing
        ]
    );
    assert_eq!(read.notes.len(), 1, "{:?}", read.notes);
    assert!(read.notes[0].detail.contains("'many'"), "{:?}", read.notes);

    let options = of_kinds(&[("truth", Kind::Category), ("day", Kind::Category)]);
    let read = read_bytes(&bytes, &options).unwrap();
    assert_eq!(read.table.column("truth").unwrap().cell(1), text("yes"));
    assert_eq!(
        read.table.column("day").unwrap().cell(2),
        text("1970-01-02")
    );
}

#[test]
fn the_end_of_a_foreign_parquet_file_tells_kinds_by_types() {
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("whole", Arc::new(Int32Array::from(vec![1, 2, 3]))),
        ("word", Arc::new(StringArray::from(vec!["a", "b", "c"]))),
        ("at", Arc::new(TimestampSecondArray::from(vec![0, 1, 2]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let length = bytes[bytes.len() - 8..]
        .first_chunk()
        .map(|bytes| u32::from_le_bytes(*bytes));
    let begin = bytes.len() - 8 - length.unwrap() as usize;
    let shown = preview_parquet_end(&bytes[begin..], &ReadOptions::default()).unwrap();
    let columns = shown
        .columns
        .iter()
        .map(|column| (column.name.as_str(), column.kind));
    assert_eq!(
        columns.collect::<Vec<_>>(),
        [
            ("whole", Kind::Integer),
            ("word", Kind::Category),
            ("at", Kind::Date)
        ]
    );
    assert_eq!((shown.row_count, shown.rows.len()), (Some(3), 0));
}
