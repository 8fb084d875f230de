//! Files as people bring them: what is read, what is noted, what is refused and how it is said.
use crate::files::{read_bytes, read_text};
use trainyard_table::{
    Cell, Column, Delimiter, Encoding, Format, Kind, ReadOptions, ReadResult, Table, TableError,
};

fn column<'a>(table: &'a Table, name: &str) -> &'a Column {
    table.column(name).unwrap()
}

fn cells(table: &Table, name: &str) -> Vec<Cell> {
    let column = column(table, name);
    (0..column.len()).map(|row| column.cell(row)).collect()
}

fn kind_of(values: &[&str]) -> Kind {
    let text: String = std::iter::once("a,b\n".to_owned())
        .chain(
            values
                .iter()
                .map(|value| format!("{},1\n", crate::files::quoted(value))),
        )
        .collect();
    read_text(&text).unwrap().table.column("a").unwrap().kind()
}

fn text(value: &str) -> Cell {
    Cell::Text(value.to_owned())
}

fn notes(result: &ReadResult) -> Vec<&str> {
    result.notes.iter().map(|note| note.code.as_str()).collect()
}

#[test]
fn kinds_come_from_all_rows() {
    assert_eq!(kind_of(&["1", "2", "-7"]), Kind::Integer);
    assert_eq!(kind_of(&["1.0", "2.0", ""]), Kind::Integer);
    assert_eq!(kind_of(&["1.5", "NA", "2"]), Kind::Number);
    assert_eq!(kind_of(&["yes", "no", "?"]), Kind::Boolean);
    assert_eq!(kind_of(&["True", "FALSE"]), Kind::Boolean);
    assert_eq!(kind_of(&["yes", "yes"]), Kind::Category);
    assert_eq!(kind_of(&["2024-02-29", "2023-01-01"]), Kind::Date);
    assert_eq!(kind_of(&["31.12.2024 23:59", "-"]), Kind::Date);
    assert_eq!(kind_of(&["red", "green"]), Kind::Category);
    assert_eq!(kind_of(&["1", "2", "x"]), Kind::Category);
    assert_eq!(kind_of(&["", ""]), Kind::Category);
}

#[test]
fn a_cell_far_down_changes_the_column_and_nothing_is_lost() {
    let mut file = String::from("n,other\n");
    for row in 0..60_000 {
        file.push_str(&format!("{row}.25,{}\n", row % 7));
    }
    file.push_str("unclear,3\n");
    let result = read_text(&file).unwrap();
    assert_eq!(column(&result.table, "n").text(0), Some("0.25"));
    assert_eq!(column(&result.table, "n").text(59_999), Some("59999.25"));
    assert_eq!(column(&result.table, "n").text(60_000), Some("unclear"));
    assert_eq!(column(&result.table, "other").number(60_000), Some(3.0));
    let note = result
        .notes
        .iter()
        .find(|note| note.code == "mixed_types")
        .unwrap();
    assert!(
        note.detail.contains("'unclear' in data row 60001"),
        "{}",
        note.detail
    );
}

#[test]
fn codes_are_not_damaged() {
    let result = read_text("zip,big,phone,n\n01234,9007199254740993,+4915112345678,1\n98765,9007199254740992,+4915112345679,2\n").unwrap();
    assert_eq!(cells(&result.table, "zip"), [text("01234"), text("98765")]);
    assert_eq!(cells(&result.table, "big")[0], text("9007199254740993"));
    assert_eq!(cells(&result.table, "phone")[0], text("+4915112345678"));
    assert_eq!(column(&result.table, "n").kind(), Kind::Integer);
    let hours = read_text("hour,n\n00,1\n23,2\n").unwrap();
    assert_eq!(column(&hours.table, "hour").number(1), Some(23.0));
}

#[test]
fn gaps_depend_on_the_column() {
    let result =
        read_text("n,c,d\n1,None,2024-01-01\n-,-,None\nNA,NA,?\n4,x,2024-01-04\n").unwrap();
    assert_eq!(column(&result.table, "n").missing(), 2);
    assert_eq!(
        cells(&result.table, "c"),
        [text("None"), text("-"), Cell::Missing, text("x")]
    );
    assert_eq!(column(&result.table, "d").missing(), 2);
    let options = ReadOptions {
        missing: vec!["-999".to_owned()],
        ..ReadOptions::default()
    };
    let result = read_bytes(b"n,c\n-999,a\n2,-999\n", &options).unwrap();
    assert_eq!(
        (
            column(&result.table, "n").missing(),
            column(&result.table, "c").missing()
        ),
        (1, 1)
    );
}

#[test]
fn infinities_are_missing_and_noted() {
    let result = read_text("n,m\ninf,1\n-Infinity,2\n3,3\n").unwrap();
    assert_eq!(column(&result.table, "n").kind(), Kind::Integer);
    assert_eq!(column(&result.table, "n").missing(), 2);
    assert_eq!(notes(&result), ["infinite"]);
}

#[test]
fn separators_are_found() {
    for (sign, delimiter) in [
        (",", Format::Csv),
        (";", Format::Csv),
        ("\t", Format::Tsv),
        ("|", Format::Csv),
    ] {
        let file = "a,b,c\n1,\"x,;\t|y\",2\n3,z,4\n"
            .replace("a,b,c", &["a", "b", "c"].join(sign))
            .replace("1,\"", &format!("1{sign}\""))
            .replace("\",2", &format!("\"{sign}2"))
            .replace("3,z,4", &["3", "z", "4"].join(sign));
        let result = read_text(&file).unwrap();
        assert_eq!(result.format, delimiter, "{file}");
        assert_eq!(
            cells(&result.table, "b"),
            [text("x,;\t|y"), text("z")],
            "{file}"
        );
    }
    assert_eq!(
        read_text("word\nhello there; you\nbye, then\n")
            .unwrap()
            .table
            .columns()
            .len(),
        1
    );
    assert_eq!(
        read_text("sep=;\na;b\n1;2\n")
            .unwrap()
            .table
            .columns()
            .len(),
        2
    );
    let options = ReadOptions {
        delimiter: Some(Delimiter::Semicolon),
        ..ReadOptions::default()
    };
    assert_eq!(
        read_bytes(b"a,b\n1,2\n", &options)
            .unwrap()
            .table
            .columns()
            .len(),
        1
    );
}

#[test]
fn decimal_commas_and_thousands() {
    let result = read_text("price;rate;n\n1.234,50;0,5;1.000\n2,25;1,75;12.000\n").unwrap();
    assert_eq!(
        cells(&result.table, "price"),
        [Cell::Number(1234.5), Cell::Number(2.25)]
    );
    assert_eq!(
        cells(&result.table, "n"),
        [Cell::Integer(1000), Cell::Integer(12_000)]
    );
    let result = read_text("price,rate\n\"1,234\",0.5\n\"12,345\",1.5\n").unwrap();
    assert_eq!(
        cells(&result.table, "price"),
        [Cell::Integer(1234), Cell::Integer(12_345)]
    );
    let result = read_text("share,cost\n5%,$3\n7.5%,\"$1,200\"\n").unwrap();
    assert_eq!(
        cells(&result.table, "share"),
        [Cell::Number(5.0), Cell::Number(7.5)]
    );
    assert_eq!(
        cells(&result.table, "cost"),
        [Cell::Integer(3), Cell::Integer(1200)]
    );
}

#[test]
fn the_order_of_day_and_month_is_decided_by_the_column() {
    let first = |file: &str| cells(&read_text(file).unwrap().table, "d")[0].clone();
    assert_eq!(
        first("d,n\n03/04/2024,1\n25/12/2024,2\n"),
        text("2024-04-03")
    );
    assert_eq!(
        first("d,n\n03/04/2024,1\n12/25/2024,2\n"),
        text("2024-03-04")
    );
    assert_eq!(
        first("d,n\n03.04.2024,1\n05.06.2024,2\n"),
        text("2024-04-03")
    );
    let unsure = read_text("d,n\n03/04/2024,1\n05/06/2024,2\n").unwrap();
    assert_eq!(notes(&unsure), ["ambiguous_dates"]);
    assert_eq!(kind_of(&["25/12/2024", "12/25/2024"]), Kind::Category);
}

#[test]
fn encodings_are_found_and_transcoded() {
    let file = "stadt;wert\nKöln;1,5\nMünchen;2,5\n";
    let utf16 = |little: bool, mark: bool| -> Vec<u8> {
        let marked = if mark {
            format!("\u{feff}{file}")
        } else {
            file.to_owned()
        };
        marked
            .encode_utf16()
            .flat_map(|unit| {
                if little {
                    unit.to_le_bytes()
                } else {
                    unit.to_be_bytes()
                }
            })
            .collect()
    };
    let latin: Vec<u8> = file.chars().map(|letter| letter as u8).collect();
    let with_mark = format!("\u{feff}{file}").into_bytes();
    for bytes in [
        file.as_bytes().to_vec(),
        with_mark,
        latin,
        utf16(true, true),
        utf16(false, true),
        utf16(true, false),
        utf16(false, false),
    ] {
        let result = read_bytes(&bytes, &ReadOptions::default()).unwrap();
        assert_eq!(
            cells(&result.table, "stadt"),
            [text("Köln"), text("München")],
            "{bytes:?}"
        );
        assert_eq!(
            cells(&result.table, "wert"),
            [Cell::Number(1.5), Cell::Number(2.5)]
        );
    }
}

#[test]
fn latin_letters_may_come_late_but_broken_utf8_is_refused() {
    let mut late = b"a,b\n".to_vec();
    for _ in 0..100_000 {
        late.extend_from_slice(b"word,1\n");
    }
    let mut broken = late.clone();
    late.extend_from_slice(b"caf\xe9,2\n");
    let result = read_bytes(&late, &ReadOptions::default()).unwrap();
    assert_eq!(column(&result.table, "a").text(100_000), Some("café"));
    broken.extend_from_slice("Zoë,2\ncaf".as_bytes());
    broken.extend_from_slice(b"\xe9,3\n");
    assert_eq!(
        read_bytes(&broken, &ReadOptions::default()).unwrap_err(),
        TableError::Encoding { row: 100_003 }
    );
    let options = ReadOptions {
        encoding: Some(Encoding::Windows1252),
        ..ReadOptions::default()
    };
    assert_eq!(
        column(&read_bytes(&broken, &options).unwrap().table, "a").text(100_001),
        Some("café")
    );
}

#[test]
fn line_ends_and_quotes() {
    let result = read_text(
        "a,b\r\n\"two\r\nlines\",1\r\n\"say \"\"hi\"\"\",2\r\n\r\n5\" pipe, \"x,y\" \r\n",
    )
    .unwrap();
    assert_eq!(
        cells(&result.table, "a"),
        [text("two\r\nlines"), text("say \"hi\""), text("5\" pipe")]
    );
    assert_eq!(cells(&result.table, "b")[2], text("x,y"));
    let old = read_text("a,b\r1,2\r3,4\r").unwrap();
    assert_eq!(cells(&old.table, "b"), [Cell::Integer(2), Cell::Integer(4)]);
}

#[test]
fn headers_are_made_usable() {
    let result = read_text("a,,a,\"x\ny\"\n1,2,3,4\n").unwrap();
    let names: Vec<&str> = result.table.columns().iter().map(Column::name).collect();
    assert_eq!(names, ["a", "column_2", "a_2", "x y"]);
    assert_eq!(
        notes(&result),
        ["header_renamed", "header_renamed", "header_renamed"]
    );
    let result = read_text("1.5,red\n2.5,green\n3.5,red\n").unwrap();
    assert_eq!(result.table.rows(), 3);
    assert_eq!(notes(&result), ["no_header"]);
    let result = read_text("country,1990,1991\nFrance,5.2,3.1\nSpain,2.1,4\nItaly,3,1\n").unwrap();
    assert_eq!(
        (result.table.rows(), result.table.columns()[1].name()),
        (3, "1990")
    );
    let result = read_text("x,y\n1,2,3\n4,5,6\n").unwrap();
    assert_eq!(
        (result.table.columns()[0].name(), notes(&result)),
        ("row", vec!["header_short"])
    );
    let result = read_text("a,b,\n1,2,\n3,4,\n").unwrap();
    assert_eq!(
        (result.table.columns().len(), notes(&result)),
        (2, vec!["empty_column_dropped"])
    );
}

#[test]
fn names_of_rows_are_identifiers() {
    let mut file = String::from("id,row,person,note,colour,age\n");
    for row in 0..200 {
        file.push_str(&format!("{},{row},\"Miss Anna Nr{row} (Bo)\",the train number {row} is {} minutes late today again,{},{}\n", row * 7 + 3, row % 13, ["red", "blue"][row % 2], row % 50));
    }
    let table = read_text(&file).unwrap().table;
    let kinds: Vec<Kind> = table.columns().iter().map(Column::kind).collect();
    assert_eq!(
        kinds,
        [
            Kind::Identifier,
            Kind::Identifier,
            Kind::Identifier,
            Kind::Text,
            Kind::Category,
            Kind::Integer
        ]
    );
    assert_eq!(table.columns()[0].text(1), Some("10"));
}

#[test]
fn kinds_can_be_set() {
    let kinds = [
        ("zip", Kind::Category),
        ("n", Kind::Number),
        ("when", Kind::Date),
        ("ok", Kind::Boolean),
    ];
    let options = ReadOptions {
        kinds: kinds.map(|(name, kind)| (name.to_owned(), kind)).into(),
        ..ReadOptions::default()
    };
    let result = read_bytes(
        b"zip,n,when,ok\n123,5,20240229,A\n456,five,20240301,B\n",
        &options,
    )
    .unwrap();
    assert_eq!(cells(&result.table, "zip"), [text("123"), text("456")]);
    assert_eq!(
        cells(&result.table, "n"),
        [Cell::Number(5.0), Cell::Missing]
    );
    assert_eq!(cells(&result.table, "when")[0], text("2024-02-29"));
    assert_eq!(
        column(&result.table, "ok").labels().unwrap(),
        &["A".to_owned(), "B".to_owned()]
    );
    assert_eq!(notes(&result), ["unfit_cells"]);
    assert!(result.notes[0].detail.contains("'five' in data row 2"));
}

#[test]
fn json_lines_and_arrays() {
    let lines =
        "{\"a\":1,\"b\":\"x\"}\n{\"b\":\"y\",\"c\":true}\n\n{\"a\":2.5,\"c\":false,\"b\":null}\n";
    let array = format!(
        "[{}]",
        lines.trim().replace("\n\n", "\n").replace('\n', ",\n")
    );
    for file in [lines.to_owned(), array] {
        let result = read_text(&file).unwrap();
        assert_eq!(result.format, Format::JsonLines);
        assert_eq!(
            cells(&result.table, "a"),
            [Cell::Number(1.0), Cell::Missing, Cell::Number(2.5)]
        );
        assert_eq!(
            cells(&result.table, "b"),
            [text("x"), text("y"), Cell::Missing]
        );
        assert_eq!(
            cells(&result.table, "c"),
            [Cell::Missing, text("true"), text("false")]
        );
    }
    assert_eq!(
        read_text("{\"a\":1}\n{\"a\":[1]}\n").unwrap_err(),
        TableError::Nested {
            column: "a".to_owned()
        }
    );
    assert!(matches!(
        read_text("{\"a\":1}\n{\"a\":\n").unwrap_err(),
        TableError::Json { row: 2, .. }
    ));
}

#[test]
fn nasty_files_are_refused_with_their_place() {
    let small = ReadOptions {
        max_line_bytes: 1000,
        max_columns: 5,
        max_rows: 10,
        ..ReadOptions::default()
    };
    let refused = |bytes: &[u8]| read_bytes(bytes, &small).unwrap_err();
    assert_eq!(refused(b""), TableError::Empty);
    assert_eq!(refused(b" \n\n"), TableError::Empty);
    assert_eq!(refused(b"\xef\xbb\xbf"), TableError::Empty);
    assert_eq!(refused(b"a,b\n"), TableError::HeaderOnly);
    assert_eq!(refused(b"a,b"), TableError::HeaderOnly);
    assert_eq!(
        refused(b"a,b\n1,2\n\n3\n"),
        TableError::Ragged {
            row: 4,
            expected: 2,
            found: 1
        }
    );
    assert_eq!(
        refused(b"a,b\n\"x\ny\",2\n3,4,5\n"),
        TableError::Ragged {
            row: 4,
            expected: 2,
            found: 3
        }
    );
    assert_eq!(
        refused(b"a,b\n1,2\n\"open,3\n4,5\n"),
        TableError::OpenQuote { row: 3 }
    );
    assert_eq!(
        refused(b"a,b,c,d,e,f\n1,2,3,4,5,6\n"),
        TableError::TooManyColumns { found: 6, limit: 5 }
    );
    assert_eq!(
        refused(
            "a,b\n1,2\n3,4\n"
                .replace("3,4\n", &"3,4\n".repeat(20))
                .as_bytes()
        ),
        TableError::TooManyRows { limit: 10 }
    );
    let long = format!("a,b\n1,2\n3,{}\n4,5\n", "x".repeat(2000));
    assert_eq!(
        refused(long.as_bytes()),
        TableError::LineTooLong {
            row: 3,
            limit: 1000
        }
    );
    for binary in [
        &b"PK\x03\x04rest"[..],
        b"\x89PNG\r\n",
        b"a,b\n1,\x00\n",
        b"\x01\x02\x03\x04\x05,\x06\n\x07,\x08",
        b"<!DOCTYPE html><html>",
    ] {
        assert_eq!(refused(binary).code(), "binary", "{binary:?}");
    }
    assert_eq!(refused(b"PAR1 and nothing").code(), "unreadable");
    let endless = vec![b'x'; 3 << 20];
    assert_eq!(
        read_bytes(&endless, &small).unwrap_err(),
        TableError::LineTooLong {
            row: 1,
            limit: 1000
        }
    );
    let options = ReadOptions {
        max_bytes: 10,
        ..ReadOptions::default()
    };
    assert_eq!(
        read_bytes(b"a,b\n1,2\n3,4\n", &options).unwrap_err(),
        TableError::TooLarge { limit: 10 }
    );
}
