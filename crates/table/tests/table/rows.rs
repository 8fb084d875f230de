//! Files read part by part in a schema: every format gives the rows that requests give, however the file is cut.
use bytes::Bytes;
use proptest::prelude::*;
use serde_json::{Value, json};
use trainyard_table::{
    Cell, Column, Field, Kind, ReadOptions, RowReader, RowSource, Schema, Table, TableError,
    rows_from_json, rows_with_wrong, write_parquet,
};

fn field(name: &str, kind: Kind) -> Field {
    let labels = (kind == Kind::Boolean).then(|| ["no".to_owned(), "yes".to_owned()]);
    Field {
        name: name.to_owned(),
        kind,
        labels,
    }
}

fn schema() -> Schema {
    Schema {
        fields: vec![
            field("n", Kind::Integer),
            field("x", Kind::Number),
            field("ok", Kind::Boolean),
            field("when", Kind::Date),
            field("word", Kind::Category),
        ],
    }
}

/// Every row of a file, its wrong cells as row, column and text, and how many parts it came in.
type Read = (Vec<Vec<Cell>>, Vec<(usize, usize, String)>, usize);

fn read_as(bytes: &[u8], name: &str, schema: &Schema) -> Result<Read, TableError> {
    let options = ReadOptions::default();
    let source = || RowSource::bytes(Bytes::copy_from_slice(bytes));
    let mut reader = RowReader::open(source(), name, schema, &options)?;
    let decoder = reader.decoder();
    let (mut rows, mut wrong, mut parts) = (Vec::new(), Vec::new(), 0);
    while let Some(raw) = reader.next_part()? {
        let part = decoder.decode(&raw)?;
        wrong.extend(
            part.wrong
                .iter()
                .map(|cell| (rows.len() + cell.row, cell.column, cell.text.clone())),
        );
        rows.extend(cells(&part.table));
        parts += 1;
    }
    let counted = RowReader::open(source(), name, schema, &options)?.count()?;
    assert_eq!(counted, rows.len(), "counting and reading agree");
    wrong.sort();
    Ok((rows, wrong, parts))
}

fn read(bytes: &[u8]) -> Result<Read, TableError> {
    read_as(bytes, "rows.csv", &schema())
}

/// Row by row.
fn cells(table: &Table) -> Vec<Vec<Cell>> {
    let row = |row: usize| {
        let columns = table.columns().iter();
        columns.map(|column| column.cell(row)).collect()
    };
    (0..table.rows()).map(row).collect()
}

fn asked(rows: &[Value]) -> Vec<Vec<Cell>> {
    cells(&rows_from_json(&schema(), rows).unwrap().table)
}

#[test]
fn a_file_of_any_format_is_read_as_the_same_rows_in_a_request() {
    let rows = [
        json!({ "n": 1, "x": 0.5, "ok": "yes", "when": "2024-02-29", "word": "a" }),
        json!({ "n": 2, "x": null, "ok": "no", "when": null, "word": "b, c" }),
        json!({ "n": null, "x": -1e300, "ok": null, "when": "1950-01-01 10:30:00", "word": null }),
    ];
    let expected = asked(&rows);
    let csv = "word,when,ok,x,n\na,2024-02-29,yes,0.5,1\n\"b, c\",,no,NA,2\n,1950-01-01T10:30:00,,-1e300,\n";
    assert_eq!(read(csv.as_bytes()).unwrap().0, expected);
    let german =
        "n;x;ok;when;word\n1;0,5;yes;29.02.2024;a\n2;;no;;b, c\n;-1e300;;01.01.1950 10:30;\n";
    assert_eq!(read(german.as_bytes()).unwrap().0, expected);
    let mut wide = vec![0xff, 0xfe];
    wide.extend(csv.encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(read(&wide).unwrap().0, expected);
    let lines: String = rows.iter().map(|row| format!("{row}\r\n\n")).collect();
    assert_eq!(
        read_as(lines.as_bytes(), "r.jsonl", &schema()).unwrap().0,
        expected
    );
    let document = serde_json::to_string_pretty(&rows).unwrap();
    assert_eq!(
        read_as(document.as_bytes(), "r.json", &schema()).unwrap().0,
        expected
    );
    let placed = "[1,0.5,\"yes\",\"2024-02-29\",\"a\"]\n[2,null,\"no\",null,\"b, c\"]\n[null,-1e300,null,\"1950-01-01 10:30:00\",null]\n";
    assert_eq!(
        read_as(placed.as_bytes(), "r.jsonl", &schema()).unwrap().0,
        expected
    );
    let table = rows_from_json(&schema(), &rows).unwrap().table;
    let turned = Table::new(table.columns().iter().rev().cloned().collect()).unwrap();
    let mut parquet = Vec::new();
    write_parquet(&turned, &mut parquet).unwrap();
    assert_eq!(read(&parquet).unwrap().0, expected);
}

#[test]
fn long_files_come_in_parts_and_lose_nothing() {
    let rows = 90_000;
    let mut csv = "n,x,ok,when,word\n".to_owned();
    let mut lines = String::new();
    let mut document = "[".to_owned();
    for row in 0..rows {
        let word = if row % 7 == 0 { "line\nbreak" } else { "x" };
        csv.push_str(&format!("{row},{}.25,yes,2024-01-01,\"{word}\"\n", row % 9));
        let object = json!({ "n": row, "x": (row % 9) as f64 + 0.25, "ok": true, "when": "2024-01-01", "word": word });
        lines.push_str(&format!("{object}\n"));
        document.push_str(&format!("{}{object}", if row == 0 { "" } else { " ,\n" }));
    }
    document.push_str("\n]\n");
    let (all, wrong, parts) = read(csv.as_bytes()).unwrap();
    assert!(
        (all.len(), wrong.is_empty()) == (rows, true) && parts > 3,
        "{parts} parts"
    );
    assert_eq!(all[rows - 1][0], Cell::Integer(rows as i64 - 1));
    assert_eq!(
        read_as(lines.as_bytes(), "r.jsonl", &schema()).unwrap().0,
        all
    );
    let (of_document, _, parts) = read_as(document.as_bytes(), "r.json", &schema()).unwrap();
    assert!(of_document == all && parts > 3, "{parts} parts");
    let table = Table::new(vec![
        Column::numbers(
            "n",
            Kind::Integer,
            (0..rows).map(|row| Some(row as f64)),
            None,
        ),
        Column::strings("word", Kind::Category, (0..rows).map(|_| Some("x"))),
    ])
    .unwrap();
    let mut parquet = Vec::new();
    write_parquet(&table, &mut parquet).unwrap();
    let (all, _, parts) = read(&parquet).unwrap();
    assert!(all.len() == rows && parts > 3, "{parts} parts");
    assert_eq!(all[rows - 1][0], Cell::Integer(rows as i64 - 1));
}

#[test]
fn columns_are_found_by_name_or_by_place() {
    let open = |text: &str| {
        let source = RowSource::bytes(text.to_owned());
        RowReader::open(source, "r.csv", &schema(), &ReadOptions::default()).unwrap()
    };
    let some = open("n,colour,x\n1,red,2\n");
    assert_eq!(some.absent(), ["ok", "when", "word"]);
    assert_eq!(some.unknown(), ["colour"]);
    let bare = open("1,0.5,yes,2024-01-01,a\n2,0.5,no,2024-01-01,b\n");
    assert!(bare.absent().is_empty() && bare.unknown().is_empty());
    assert_eq!(bare.count().unwrap(), 2);
    // One more column than the schema: nobody can say which is which.
    assert_eq!(
        open("1,0.5,yes,2024-01-01,a,3\n2,1,no,2024-01-01,b,4\n")
            .absent()
            .len(),
        5
    );
    // A header of words over words is a header when it names a column.
    let words = Schema {
        fields: vec![field("a", Kind::Category), field("b", Kind::Category)],
    };
    let (rows, ..) = read_as(b"a,b\nx,y\nz,y\n", "r.csv", &words).unwrap();
    assert_eq!(rows.len(), 2, "{rows:?}");
}

#[test]
fn cells_that_cannot_be_read_are_named() {
    let (rows, wrong, _) =
        read(b"n,x,ok,when,word\n1,big,yes,2024-01-01,a\n2,inf,maybe,soon,b\n").unwrap();
    assert_eq!(rows[1][1], Cell::Missing);
    let expected = [
        (0, 1, "big"),
        (1, 1, "inf"),
        (1, 2, "maybe"),
        (1, 3, "soon"),
    ];
    assert_eq!(
        wrong,
        expected.map(|(row, column, text)| (row, column, text.to_owned()))
    );
    let rows = [json!({ "x": "big" }), json!({ "x": [1], "ok": "maybe" })];
    let part = rows_with_wrong(&schema(), &rows).unwrap();
    assert_eq!(part.wrong.len(), 3);
    let numbers = Table::new(vec![Column::numbers(
        "n",
        Kind::Number,
        [Some(f64::INFINITY), None, Some(3.0)],
        None,
    )])
    .unwrap();
    let mut parquet = Vec::new();
    write_parquet(&numbers, &mut parquet).unwrap();
    let (_, wrong, _) = read(&parquet).unwrap();
    assert_eq!(wrong, [(0, 0, "infinity".to_owned())], "a gap is none");
}

#[test]
fn the_first_clear_date_decides_the_ambiguous_ones() {
    let day_first = "when\n03/04/2024\n25/04/2024\n";
    let (rows, ..) = read(day_first.as_bytes()).unwrap();
    assert_eq!(rows[0][3], Cell::Text("2024-04-03".to_owned()));
    let month_first = "when\n03/04/2024\n04/25/2024\n";
    let (rows, ..) = read(month_first.as_bytes()).unwrap();
    assert_eq!(rows[0][3], Cell::Text("2024-03-04".to_owned()));
}

#[test]
fn broken_files_are_refused_with_their_place() {
    for (bytes, name, code, words) in [
        (&b""[..], "r.csv", "empty", ""),
        (b"n,x\n", "r.csv", "header_only", ""),
        (b"n,x\n1,2\n1\n", "r.csv", "ragged", "line 3"),
        (b"n,x\n1,\"2\n", "r.csv", "open_quote", "line 2"),
        (b"{\"n\":1}\n{\"n\":\n", "r.jsonl", "json", "line 2"),
        (b"[{\"n\":1},{\"n\":2}", "r.json", "json", "never closed"),
        (b"[{\"n\":1}] x", "r.json", "json", "after the array"),
        (b"[]", "r.json", "empty", ""),
        (b"[1,2]\n", "r.json", "json", "array of 2 values"),
        (b"PAR1", "r.parquet", "unreadable", "cut off"),
        (b"PK\x03\x04", "r.zip", "binary", "zip"),
    ] {
        let error = read_as(bytes, name, &schema()).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
    let mut parquet = Vec::new();
    let table = Table::new(vec![Column::numbers(
        "n",
        Kind::Number,
        [Some(1.0); 100],
        None,
    )])
    .unwrap();
    write_parquet(&table, &mut parquet).unwrap();
    for length in [8, 20, parquet.len() / 2, parquet.len() - 1] {
        let error = read(parquet.get(..length).unwrap()).unwrap_err();
        assert_eq!(error.code(), "unreadable", "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is written, a cell of a file means what the same text means in a request.
    #[test]
    fn a_cell_means_the_same_in_a_file_and_in_a_request(
        texts in prop::collection::vec("[0-9.eE+-]{0,6}|[a-zNA/?:-]{0,5}|yes|no|20[0-9]{2}-0[1-9]-1[0-9]", 5),
    ) {
        let quoted: Vec<String> = texts.iter().map(|text| format!("\"{text}\"")).collect();
        let csv = format!("n,x,ok,when,word\n{}\n", quoted.join(","));
        let (rows, wrong, _) = read(csv.as_bytes()).unwrap();
        let names = ["n", "x", "ok", "when", "word"];
        let row: serde_json::Map<String, Value> =
            names.iter().zip(&texts).map(|(name, text)| ((*name).to_owned(), json!(text))).collect();
        let part = rows_with_wrong(&schema(), &[Value::Object(row)]).unwrap();
        prop_assert_eq!(&rows, &cells(&part.table), "{}", csv);
        prop_assert_eq!(wrong.len(), part.wrong.len());
    }

    /// No bytes make the reader panic, and what it counts it can read.
    #[test]
    fn hostile_bytes_are_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..300), json in any::<bool>()) {
        let _ = read_as(&bytes, if json { "r.json" } else { "r.csv" }, &schema());
    }

    #[test]
    fn hostile_json_is_refused_or_read(text in "[\\[\\]{}\",:0-9nxtrue\\\\ ]{0,60}") {
        let _ = read_as(text.as_bytes(), "r.json", &schema());
    }
}
