//! What must hold for any file: agreement with a plainer reader, with the check of uploads, and with itself on any
//! number of threads.
use crate::files::{plain_rows, quoted, read_bytes};
use proptest::prelude::*;
use trainyard_table::{
    Cell, ContentCheck, Delimiter, Kind, ReadOptions, Table, TableError, preview, profile,
};

fn cells(table: &Table) -> Vec<Vec<Cell>> {
    table
        .columns()
        .iter()
        .map(|column| (0..table.rows()).map(|row| column.cell(row)).collect())
        .collect()
}

/// Every column as text, so that cells come back as they stand.
fn as_text(names: &[String]) -> ReadOptions {
    ReadOptions {
        header: Some(true),
        delimiter: Some(Delimiter::Comma),
        kinds: names
            .iter()
            .map(|name| (name.clone(), Kind::Text))
            .collect(),
        ..ReadOptions::default()
    }
}

/// Small pieces that make quoting, blank lines and row ends meet often.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => Just(","), 3 => Just("\n"), 2 => Just("\""), 1 => Just("\"\""), 1 => Just(" "), 1 => Just("\r\n"), 2 => Just("a"), 1 => Just("é"), 1 => Just("12")
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn checked(
    bytes: &[u8],
    sizes: &[usize],
    options: &ReadOptions,
) -> Result<Option<usize>, TableError> {
    let mut check = ContentCheck::new("table.csv", options);
    let mut rest = bytes;
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (piece, after) = rest.split_at((*size).min(rest.len()));
        check.push(piece)?;
        rest = after;
    }
    Ok(check.finish()?.rows_hint)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn written_cells_come_back(rows in prop::collection::vec(prop::collection::vec("[a-z \",;é\n\t|0-9]{0,8}[a-z]", 3), 1..30)) {
        let names: Vec<String> = ["x", "y", "z"].map(str::to_owned).into();
        let mut file = String::from("x,y,z\n");
        for row in &rows {
            file.push_str(&format!("{}\n", row.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(",")));
        }
        let table = read_bytes(file.as_bytes(), &as_text(&names)).unwrap().table;
        for (row, want) in rows.iter().enumerate() {
            for (column, cell) in table.columns().iter().zip(want) {
                let missing = matches!(cell.trim_matches([' ', '\t']), "na" | "nan" | "nat" | "null");
                let want = if missing { None } else { Some(cell.trim_matches([' ', '\t'])) };
                prop_assert_eq!(column.text(row), want);
            }
        }
    }

    #[test]
    fn rows_are_as_a_plain_reader_finds_them(body in pieces()) {
        let file = format!("p,q\n{body}");
        let names: Vec<String> = ["p", "q"].map(str::to_owned).into();
        let read = read_bytes(file.as_bytes(), &as_text(&names));
        let plain = plain_rows(&file, ',').map(|mut rows| rows.split_off(1));
        match (read, plain) {
            (Ok(read), Some(rows)) => {
                prop_assert_eq!(read.table.rows(), rows.len(), "{:?}", file);
                // Rows that all have one cell more than the header begin with an unnamed column (row names), whose cells
                // are typed like any other: only the named ones are read as text here.
                let unnamed = usize::from(!rows.is_empty() && rows.iter().all(|cells| cells.len() == 3));
                for (row, want) in rows.iter().enumerate() {
                    let named = names.iter().filter_map(|name| read.table.column(name));
                    for (column, cell) in named.zip(&want[unnamed..]) {
                        let cell = cell.trim_matches([' ', '\t']);
                        prop_assert_eq!(column.text(row).unwrap_or_default(), cell, "{:?}", file);
                    }
                }
            }
            (Err(TableError::OpenQuote { .. }), None) => {}
            (Err(TableError::HeaderOnly), Some(rows)) => prop_assert!(rows.is_empty(), "{:?}", file),
            (Err(TableError::Ragged { found, .. }), rows) => {
                prop_assert!(found != 2);
                if let Some(rows) = rows {
                    prop_assert_eq!(rows.iter().map(Vec::len).find(|cells| *cells != 2), Some(found), "{:?}", file);
                }
            }
            (read, plain) => prop_assert!(false, "{:?}: {:?} but plainly {:?}", file, read.err(), plain),
        }
    }

    #[test]
    fn nothing_panics_and_the_check_agrees(bytes in prop_oneof![prop::collection::vec(any::<u8>(), 0..400), pieces().prop_map(String::into_bytes)], sizes in prop::collection::vec(1_usize..50, 1..5)) {
        let options = ReadOptions { max_line_bytes: 100, ..ReadOptions::default() };
        let read = read_bytes(&bytes, &options);
        let _ = preview(&bytes, "table.csv", &options);
        match (read, checked(&bytes, &sizes, &options)) {
            (Ok(read), Ok(rows)) => {
                prop_assert!(rows.is_none_or(|rows| rows == read.table.rows()));
                let _ = profile(&read.table, read.table.columns().last().map(|column| column.name()));
            }
            (Err(read), Err(check)) => prop_assert_eq!(read, check),
            // What JSON and Parquet hold is only known to their readers.
            (Err(error), Ok(None)) => prop_assert!(!matches!(error, TableError::Ragged { .. }), "{}", error),
            (read, check) => prop_assert!(false, "{:?} but {:?}", read.err(), check),
        }
    }

    #[test]
    fn any_encoding_gives_the_same_cells(words in prop::collection::vec("[a-zà-ÿ]{1,9}", 4..40)) {
        let mut file = String::from("größe,n\n");
        for (row, word) in words.iter().enumerate() {
            file.push_str(&format!("{word},{row}\n"));
        }
        let want = read_bytes(file.as_bytes(), &ReadOptions::default()).unwrap().table;
        let latin: Vec<u8> = file.chars().map(|letter| letter as u8).collect();
        let wide: Vec<u8> = format!("\u{feff}{file}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [latin, wide] {
            let got = read_bytes(&bytes, &ReadOptions::default()).unwrap().table;
            prop_assert_eq!(cells(&got), cells(&want));
        }
    }
}

/// Some blocks long, with quoted line ends, gaps, and columns that change their mind at the very end.
fn long_file() -> String {
    let mut file = String::from("id,word,number,late,day,note\n");
    for row in 0..40_000_u64 {
        let mixed = row.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33;
        let note = if row % 17 == 0 {
            format!("\"two\nlines, {mixed}\"")
        } else {
            format!("n{}", mixed % 5000)
        };
        let late = if row == 39_990 {
            "none of it".to_owned()
        } else {
            (mixed % 97).to_string()
        };
        let number = if row % 11 == 0 {
            String::new()
        } else {
            format!("{}.{:02}", mixed % 1000, mixed % 89)
        };
        file.push_str(&format!(
            "{},w{},{number},{late},2024-01-{:02},{note}\n",
            row + 5,
            mixed % 300,
            mixed % 28 + 1
        ));
    }
    file
}

#[test]
fn threads_change_nothing() {
    let file = long_file();
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            let read = read_bytes(file.as_bytes(), &ReadOptions::default()).unwrap();
            let described = serde_json::to_string(&profile(&read.table, Some("number"))).unwrap();
            let schema = serde_json::to_string(read.table.schema()).unwrap();
            (
                format!("{:?}", read.table.columns()),
                schema,
                described,
                read.notes,
            )
        })
    };
    let one = run(1);
    assert_eq!(run(2), one);
    assert_eq!(run(7), one);
}

#[test]
fn long_files_are_as_a_plain_reader_finds_them() {
    let file = long_file();
    let plain = plain_rows(&file, ',').unwrap();
    let options = ReadOptions {
        kinds: plain[0]
            .iter()
            .map(|name| (name.clone(), Kind::Text))
            .collect(),
        ..ReadOptions::default()
    };
    let table = read_bytes(file.as_bytes(), &options).unwrap().table;
    assert_eq!(table.rows(), plain.len() - 1);
    for (row, want) in plain[1..].iter().enumerate() {
        for (column, cell) in table.columns().iter().zip(want) {
            assert_eq!(column.text(row).unwrap_or_default(), cell, "row {row}");
        }
    }
    let sizes = [100_003, 1, 77_777];
    assert_eq!(
        checked(file.as_bytes(), &sizes, &ReadOptions::default()).unwrap(),
        Some(40_000)
    );
    let ragged = file.replace("\n30000,", "\n30000,extra,");
    let want = read_bytes(ragged.as_bytes(), &ReadOptions::default()).unwrap_err();
    assert!(
        matches!(
            want,
            TableError::Ragged {
                expected: 6,
                found: 7,
                ..
            }
        ),
        "{want}"
    );
    assert_eq!(
        checked(ragged.as_bytes(), &sizes, &ReadOptions::default()).unwrap_err(),
        want
    );
}
