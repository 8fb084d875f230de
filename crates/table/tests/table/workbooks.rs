//! XLSX: what a spreadsheet holds comes back, and what only looks like one, or would swell, does not come in.

use proptest::prelude::*;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use trainyard_table::{
    Cell, ContentCheck, Format, Kind, ReadOptions, ReadResult, TableError, preview, read,
};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A cell as a spreadsheet stores it.
#[derive(Clone, Debug)]
enum Stored {
    Nothing,
    Number(f64),
    Truth(bool),
    Text(String),
    /// A text that stands in the cell itself.
    Inline(String),
    /// Days since the last day of 1899, shown as a date.
    Date(f64),
    /// What a formula came to when it was last computed.
    Formula(f64),
    Mistake,
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// `A`, `B`, … `AA`.
fn column_name(mut index: usize) -> String {
    let mut name = String::new();
    loop {
        name.insert(0, (b'A' + (index % 26) as u8) as char);
        if index < 26 {
            return name;
        }
        index = index / 26 - 1;
    }
}

/// A workbook's sheets by name, each a list of rows; `None` is a row that is not there.
struct Workbook {
    sheets: Vec<(String, Vec<Option<Vec<Stored>>>)>,
    method: CompressionMethod,
    promised_texts: Option<String>,
}

impl Workbook {
    fn of(rows: Vec<Vec<Stored>>) -> Self {
        Self::with(vec![("Data", rows.into_iter().map(Some).collect())])
    }

    fn with(sheets: Vec<(&str, Vec<Option<Vec<Stored>>>)>) -> Self {
        Self {
            sheets: sheets
                .into_iter()
                .map(|(name, rows)| (name.to_owned(), rows))
                .collect(),
            method: CompressionMethod::Deflated,
            promised_texts: None,
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut texts: Vec<String> = Vec::new();
        let mut parts = vec![(
            "[Content_Types].xml".to_owned(),
            r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#.to_owned(),
        )];
        let (mut listed, mut related) = (String::new(), String::new());
        for (number, (name, rows)) in self.sheets.iter().enumerate() {
            let number = number + 1;
            write!(
                listed,
                r#"<sheet name="{}" sheetId="{number}" r:id="rId{number}"/>"#,
                escaped(name)
            )
            .unwrap();
            write!(related, r#"<Relationship Id="rId{number}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{number}.xml"/>"#).unwrap();
            parts.push((
                format!("xl/worksheets/sheet{number}.xml"),
                sheet(rows, &mut texts),
            ));
        }
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let relations = "http://schemas.openxmlformats.org/package/2006/relationships";
        parts.push(("_rels/.rels".to_owned(), format!(r#"<Relationships xmlns="{relations}"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#)));
        parts.push(("xl/workbook.xml".to_owned(), format!(r#"<workbook xmlns="{main}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{listed}</sheets></workbook>"#)));
        parts.push((
            "xl/_rels/workbook.xml.rels".to_owned(),
            format!(r#"<Relationships xmlns="{relations}">{related}</Relationships>"#),
        ));
        parts.push(("xl/styles.xml".to_owned(), format!(r#"<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>"#)));
        let items: String = texts
            .iter()
            .map(|text| format!("<si><t xml:space=\"preserve\">{}</t></si>", escaped(text)))
            .collect();
        let promised = self
            .promised_texts
            .clone()
            .unwrap_or(texts.len().to_string());
        parts.push(("xl/sharedStrings.xml".to_owned(), format!(r#"<?xml version="1.0" encoding="UTF-8"?><sst xmlns="{main}" uniqueCount="{promised}">{items}</sst>"#)));
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            let options = SimpleFileOptions::default().compression_method(self.method);
            archive.start_file(name, options).unwrap();
            archive.write_all(text.as_bytes()).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }
}

fn sheet(rows: &[Option<Vec<Stored>>], texts: &mut Vec<String>) -> String {
    let mut body = String::new();
    for (number, row) in rows.iter().enumerate() {
        let Some(cells) = row else { continue };
        let number = number + 1;
        write!(body, r#"<row r="{number}">"#).unwrap();
        for (column, cell) in cells.iter().enumerate() {
            let place = format!("{}{number}", column_name(column));
            match cell {
                Stored::Nothing => write!(body, r#"<c r="{place}" s="0"/>"#),
                Stored::Number(value) => write!(body, r#"<c r="{place}"><v>{value}</v></c>"#),
                Stored::Truth(value) => write!(
                    body,
                    r#"<c r="{place}" t="b"><v>{}</v></c>"#,
                    u8::from(*value)
                ),
                Stored::Date(value) => write!(body, r#"<c r="{place}" s="1"><v>{value}</v></c>"#),
                Stored::Formula(value) => write!(
                    body,
                    r#"<c r="{place}"><f>SUM(A1:A9)</f><v>{value}</v></c>"#
                ),
                Stored::Mistake => write!(body, r#"<c r="{place}" t="e"><v>#N/A</v></c>"#),
                Stored::Inline(text) => write!(
                    body,
                    r#"<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>"#,
                    escaped(text)
                ),
                Stored::Text(text) => {
                    texts.push(text.clone());
                    write!(
                        body,
                        r#"<c r="{place}" t="s"><v>{}</v></c>"#,
                        texts.len() - 1
                    )
                }
            }
            .unwrap();
        }
        body.push_str("</row>");
    }
    format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{body}</sheetData></worksheet>"#
    )
}

fn words(names: &[&str]) -> Vec<Stored> {
    names
        .iter()
        .map(|name| Stored::Text((*name).to_owned()))
        .collect()
}

fn text(value: &str) -> Stored {
    Stored::Text(value.to_owned())
}

fn came(bytes: &[u8], options: &ReadOptions) -> Result<ReadResult, TableError> {
    // Whatever is read passes the check of an upload first.
    let mut check = ContentCheck::new("a.bin", options);
    bytes
        .chunks(1_000)
        .try_for_each(|piece| check.push(piece))?;
    assert_eq!(check.finish()?.format, Format::Xlsx);
    read(Cursor::new(bytes), "a.bin", options)
}

fn column(result: &ReadResult, name: &str) -> (Kind, Vec<Cell>) {
    let column = result
        .table
        .columns()
        .iter()
        .find(|column| column.name() == name);
    let column = column.unwrap_or_else(|| panic!("no {name}: {:?}", result.table));
    (
        column.kind(),
        (0..result.table.rows())
            .map(|row| column.cell(row))
            .collect(),
    )
}

#[test]
fn every_kind_of_cell_comes_back() {
    let rows = vec![
        words(&["when", "size", "ok", "word", "sum", "gap"]),
        vec![
            Stored::Date(44_197.0),
            Stored::Number(1.5),
            Stored::Truth(true),
            text("a, \"b\"\nc"),
            Stored::Formula(3.0),
            Stored::Mistake,
        ],
        vec![
            Stored::Date(44_198.5),
            Stored::Number(-2e-7),
            Stored::Truth(false),
            Stored::Inline("x & <y>".to_owned()),
            Stored::Formula(4.25),
            Stored::Number(7.0),
        ],
        vec![
            Stored::Nothing,
            Stored::Nothing,
            Stored::Nothing,
            Stored::Nothing,
            Stored::Formula(5.0),
        ],
        vec![
            Stored::Date(61.0),
            Stored::Number(1e15),
            Stored::Truth(true),
            text("a, \"b\"\nc"),
            Stored::Formula(6.0),
            Stored::Number(8.0),
        ],
    ];
    for method in [CompressionMethod::Deflated, CompressionMethod::Stored] {
        let book = Workbook {
            method,
            ..Workbook::of(rows.clone())
        };
        let result = came(&book.bytes(), &ReadOptions::default()).unwrap();
        assert_eq!((result.format, result.table.rows()), (Format::Xlsx, 4));
        assert_eq!(
            column(&result, "size").1[..3],
            [Cell::Number(1.5), Cell::Number(-2e-7), Cell::Missing]
        );
        assert_eq!(
            column(&result, "sum").1,
            [3.0, 4.25, 5.0, 6.0].map(Cell::Number)
        );
        let (kind, when) = column(&result, "when");
        assert_eq!(kind, Kind::Date);
        let day = |text: &str| Cell::Text(text.to_owned());
        assert_eq!(
            (&when[0], &when[1], &when[3]),
            (
                &day("2021-01-01"),
                &day("2021-01-02T12:00:00"),
                &day("1900-03-01")
            )
        );
        assert_eq!(when[2], Cell::Missing);
        assert_eq!(column(&result, "ok").0, Kind::Boolean);
        let word = column(&result, "word").1;
        assert_eq!(
            (&word[0], &word[1]),
            (
                &Cell::Text("a, \"b\"\nc".to_owned()),
                &Cell::Text("x & <y>".to_owned())
            )
        );
        assert_eq!(
            column(&result, "gap").1[0],
            Cell::Missing,
            "an error is a value that is not there"
        );
        let shown = preview(&book.bytes(), "a", &ReadOptions::default()).unwrap();
        assert_eq!(
            (shown.format, shown.rows.len(), shown.delimiter),
            (Format::Xlsx, 4, None)
        );
    }
}

#[test]
fn the_first_sheet_with_data_is_read_or_the_one_that_is_named() {
    let table = |start: f64| {
        vec![
            None,
            Some(vec![Stored::Nothing, text("x"), text("y")]),
            None,
            Some(vec![Stored::Nothing, Stored::Number(start), text("a")]),
            Some(vec![
                Stored::Nothing,
                Stored::Number(start + 1.5),
                text("b"),
            ]),
        ]
    };
    let book = Workbook::with(vec![
        ("Empty", vec![]),
        ("Blank", vec![Some(vec![text("  ")])]),
        ("First & one", table(1.25)),
        ("Second", table(8.0)),
    ])
    .bytes();
    let result = came(&book, &ReadOptions::default()).unwrap();
    // Rows and columns in which nothing stands are no part of the table.
    assert_eq!((result.table.rows(), result.table.columns().len()), (2, 2));
    assert_eq!(column(&result, "x").1, [1.25, 2.75].map(Cell::Number));
    assert!(
        result
            .notes
            .iter()
            .any(|note| note.detail.contains("'First & one'; the file has 4 sheets")),
        "{:?}",
        result.notes
    );
    let named = |name: &str| ReadOptions {
        sheet: Some(name.to_owned()),
        ..ReadOptions::default()
    };
    let second = came(&book, &named("Second")).unwrap();
    assert_eq!(column(&second, "x").1, [8.0, 9.5].map(Cell::Number));
    let unknown = came(&book, &named("Third")).unwrap_err().to_string();
    assert!(
        unknown.contains("no sheet 'Third'") && unknown.contains("'Second'"),
        "{unknown}"
    );
    assert_eq!(came(&book, &named("Empty")).unwrap_err(), TableError::Empty);
    let nothing = Workbook::with(vec![("Empty", vec![])]).bytes();
    assert_eq!(
        came(&nothing, &ReadOptions::default()).unwrap_err(),
        TableError::Empty
    );
    let header = Workbook::of(vec![words(&["a", "b"])]).bytes();
    assert_eq!(
        came(&header, &ReadOptions::default()).unwrap_err(),
        TableError::HeaderOnly
    );
}

#[test]
fn what_is_no_workbook_is_refused_with_a_way_out() {
    let good = Workbook::of(vec![
        words(&["a", "b"]),
        vec![Stored::Number(1.5), text("x")],
    ])
    .bytes();
    let mut old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    old.resize(2_000, 0);
    let mut locked = old.clone();
    locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    locked.resize(4_000, 0);
    let cut = good[..good.len() / 2].to_vec();
    let archive = {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        archive
            .start_file("a.csv", SimpleFileOptions::default())
            .unwrap();
        archive.write_all(b"a,b\n1,2\n").unwrap();
        archive.finish().unwrap().into_inner()
    };
    for (bytes, says) in [
        (old, ".xls"),
        (locked, "password"),
        (cut, "damaged"),
        (archive, "a zip archive"),
    ] {
        let error = came(&bytes, &ReadOptions::default())
            .unwrap_err()
            .to_string();
        assert!(error.contains(says) && error.contains("CSV"), "{error}");
    }
    // However it is damaged, it is refused or read, and nothing panics.
    for place in (0..good.len()).step_by(7) {
        let mut bad = good.clone();
        bad[place] ^= 0xff;
        let _ = read(Cursor::new(&bad), "a.xlsx", &ReadOptions::default());
    }
}

/// Attack 17: what is small on the way and huge unpacked is refused before anything is made of it.
#[test]
fn attack_17_workbooks_that_swell_are_refused() {
    let wide = |cells: Vec<Stored>| vec![words(&["a", "b"]), cells];
    // A gigabyte of one letter, in a cell.
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive
        .start_file("[Content_Types].xml", SimpleFileOptions::default())
        .unwrap();
    archive
        .start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default())
        .unwrap();
    let piece = vec![b'x'; 1 << 20];
    (0..300).for_each(|_| archive.write_all(&piece).unwrap());
    let swollen = archive.finish().unwrap().into_inner();
    assert!(swollen.len() < 1 << 20);
    let error = came(&swollen, &ReadOptions::default())
        .unwrap_err()
        .to_string();
    assert!(error.contains("unpacks to far more"), "{error}");
    // A list of texts that promises a thousand million million of them, however it is spelled.
    for promise in ["1000000000000000", "+99999999999999999999999", "500000"] {
        let book = Workbook {
            promised_texts: Some(promise.to_owned()),
            ..Workbook::of(wide(words(&["x", "y"])))
        };
        let error = came(&book.bytes(), &ReadOptions::default())
            .unwrap_err()
            .to_string();
        assert!(error.contains("promises more"), "{error}");
    }
    // A table and one cell at the far end of the sheet.
    let mut rows: Vec<Option<Vec<Stored>>> = vec![
        Some(words(&["a", "b"])),
        Some(vec![Stored::Number(1.5), text("x")]),
    ];
    rows.extend((0..5_000).map(|_| Some(vec![Stored::Number(2.5)])));
    let mut far = vec![Stored::Nothing; 9_000];
    far.push(Stored::Number(1.0));
    rows.push(Some(far));
    let error = came(
        &Workbook::with(vec![("S", rows)]).bytes(),
        &ReadOptions::default(),
    )
    .unwrap_err()
    .to_string();
    assert!(error.contains("almost empty"), "{error}");
    let mut far = vec![Stored::Nothing; 10_001];
    far.push(Stored::Number(1.0));
    let error = came(&Workbook::of(wide(far)).bytes(), &ReadOptions::default()).unwrap_err();
    assert!(
        matches!(error, TableError::TooManyColumns { found: 10_002, .. }),
        "{error:?}"
    );
}

fn stored() -> impl Strategy<Value = Stored> {
    prop_oneof![
        3 => any::<f64>().prop_filter("a number", |value| value.is_finite()).prop_map(Stored::Number),
        1 => (-1_000_000_i32..1_000_000).prop_map(|value| Stored::Number(f64::from(value) / 8.0)),
        1 => Just(Stored::Nothing),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A table comes back number for number and letter for letter, wherever it stands on the sheet.
    #[test]
    fn what_is_written_comes_back(
        numbers in proptest::collection::vec(stored(), 2..40),
        letters in "[a-zA-Zäß€ ,;\"'\n=+@<>&-]{1,12}",
        above in 0_usize..3,
        left in 0_usize..3,
    ) {
        let mut rows: Vec<Option<Vec<Stored>>> = vec![None; above];
        let indented = |cells: Vec<Stored>| {
            let mut row = vec![Stored::Nothing; left];
            row.extend(cells);
            Some(row)
        };
        rows.push(indented(words(&["number", "text"])));
        // A letter in front, so that no text reads as a number or as missing.
        let of = |row: usize| format!("w{row} {letters}x");
        rows.extend(numbers.iter().enumerate().map(|(row, number)| indented(vec![number.clone(), text(&of(row))])));
        let kinds = [("number".to_owned(), Kind::Number), ("text".to_owned(), Kind::Text)];
        let options = ReadOptions { kinds: kinds.into_iter().collect(), ..ReadOptions::default() };
        let result = came(&Workbook::with(vec![("S", rows)]).bytes(), &options).unwrap();
        prop_assert_eq!(result.table.rows(), numbers.len());
        for (row, (number, word)) in column(&result, "number").1.into_iter().zip(column(&result, "text").1).enumerate() {
            match (&numbers[row], &number) {
                (Stored::Number(stored), Cell::Number(read)) => prop_assert_eq!(stored, read),
                (Stored::Nothing, Cell::Missing) => {}
                other => prop_assert!(false, "{:?}", other),
            }
            prop_assert_eq!(word, Cell::Text(of(row)));
        }
    }
}
