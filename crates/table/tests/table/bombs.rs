//! Attack 17, as Parquet: files of some kilobytes that would fill any memory when they are read.

use arrow_array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, Float64Array, Int32Array, LargeStringArray,
    RecordBatch, StringArray,
};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{WriterProperties, WriterVersion};
use std::io::Cursor;
use std::sync::Arc;
use trainyard_table::*;

fn properties() -> parquet::file::properties::WriterPropertiesBuilder {
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_dictionary_page_size_limit(usize::MAX)
        .set_data_page_size_limit(usize::MAX)
        .set_data_page_row_count_limit(usize::MAX)
        .set_statistics_enabled(parquet::file::properties::EnabledStatistics::None)
}

fn file(columns: Vec<(&str, ArrayRef)>, properties: WriterProperties) -> Vec<u8> {
    groups(columns, properties, 1)
}

/// The same rows in so many groups.
fn groups(columns: Vec<(&str, ArrayRef)>, properties: WriterProperties, count: usize) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    for _ in 0..count {
        writer.write(&batch).unwrap();
        writer.flush().unwrap();
    }
    writer.close().unwrap();
    bytes
}

fn reading(bytes: &[u8]) -> Result<ReadResult, TableError> {
    read(Cursor::new(bytes), "a.parquet", &ReadOptions::default())
}

fn refused(bytes: &[u8], says: &str) {
    let error = reading(bytes).unwrap_err().to_string();
    assert!(error.contains(says), "{error}");
}

#[test]
fn attack_17_more_cells_than_a_file_can_hold_are_refused() {
    // Five million empty cells in a few hundred bytes.
    let nothing: ArrayRef = Arc::new(Float64Array::from(vec![None; 1_300_000]));
    let columns = ["a", "b", "c", "d"].map(|name| (name, nothing.clone()));
    let bytes = file(columns.into(), properties().build());
    assert!(bytes.len() < 20_000, "{}", bytes.len());
    refused(&bytes, "unpacks to far more");
    // A footer that speaks of two thousand million rows.
    let few: ArrayRef = Arc::new(BooleanArray::from(vec![true; 100]));
    let bytes = file(vec![("a", few)], properties().build());
    let options = ReadOptions {
        max_rows: 99,
        ..ReadOptions::default()
    };
    let error = read(Cursor::new(&bytes), "a.parquet", &options).unwrap_err();
    assert!(
        matches!(error, TableError::TooManyRows { limit: 99 }),
        "{error:?}"
    );
    assert_eq!(reading(&bytes).unwrap().table.rows(), 100);
}

/// One text of eight megabytes that four thousand rows refer to: 32 gigabytes if it were written out.
#[test]
fn attack_17_a_text_that_many_rows_refer_to_is_read_once() {
    let long = "x".repeat(8 << 20);
    let texts = |kind: &str| -> ArrayRef {
        let all = std::iter::repeat_n(0, 4_096);
        match kind {
            "dictionary" => Arc::new(DictionaryArray::new(
                Int32Array::from_iter_values(all),
                Arc::new(LargeStringArray::from(vec![long.as_str()])),
            )),
            _ => Arc::new(DictionaryArray::new(
                Int32Array::from_iter_values(all),
                Arc::new(StringArray::from(vec![long.as_str()])),
            )),
        }
    };
    for kind in ["dictionary", "plain"] {
        let numbers: ArrayRef = Arc::new(Float64Array::from_iter_values((0..4_096).map(f64::from)));
        let bytes = file(
            vec![("text", texts(kind)), ("n", numbers)],
            properties().build(),
        );
        assert!(bytes.len() < 100_000, "{}", bytes.len());
        let table = reading(&bytes).unwrap().table;
        assert_eq!(table.rows(), 4_096);
        let column = &table.columns()[0];
        assert_eq!(column.text(0).map(str::len), Some(8 << 20));
        assert_eq!(column.text(4_095).map(str::len), Some(8 << 20));
    }
}

/// Pages that unpack to gigabytes, whatever the footer and the pages' own headers say.
#[test]
fn attack_17_pages_that_swell_are_refused() {
    let long = (0..8).map(|number| format!("{number}{}", "x".repeat(8 << 20)));
    let texts: ArrayRef = Arc::new(LargeStringArray::from_iter_values(long));
    for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
        for dictionary in [true, false] {
            let written = properties()
                .set_writer_version(version)
                .set_dictionary_enabled(dictionary)
                .build();
            let bytes = groups(vec![("text", texts.clone())], written, 10);
            assert!(bytes.len() < 200_000, "{}", bytes.len());
            refused(&bytes, "unpacks to far more");
        }
    }
    // A header that says less than the page holds: the largest number in it is the page's size unpacked.
    let long: ArrayRef = Arc::new(StringArray::from(vec!["x".repeat(1 << 20)]));
    let honest = file(
        vec![("text", long)],
        properties().set_dictionary_enabled(false).build(),
    );
    assert_eq!(reading(&honest).unwrap().table.rows(), 1);
    let mut changed = 0;
    for place in 4..64 {
        let mut lies = honest.clone();
        // Three bytes with seven bits each, the last of which ends the number.
        if lies[place] & 0x80 != 0
            && lies[place + 1] & 0x80 != 0
            && (1..0x80).contains(&lies[place + 3])
            && lies[place + 2] & 0x80 != 0
        {
            lies[place + 3] = 0;
            let error = reading(&lies).unwrap_err().to_string();
            changed += usize::from(error.contains("contradicts itself"));
        }
    }
    assert!(changed > 0, "no header was changed to say less");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Whatever others write is not taken for a bomb, in either form of pages and however it is packed.
    #[test]
    fn honest_files_pass(
        texts in proptest::collection::vec(proptest::option::of("[a-zäß]{0,20}"), 2..200),
        second in proptest::bool::ANY,
        dictionary in proptest::bool::ANY,
        way in 0_usize..3,
        page in 16_usize..2_000,
    ) {
        let texts: StringArray = texts.into_iter().collect();
        let numbers = Float64Array::from_iter_values((0..texts.len()).map(|row| row as f64));
        let rows = texts.len();
        let version = if second { WriterVersion::PARQUET_2_0 } else { WriterVersion::PARQUET_1_0 };
        let way = [Compression::SNAPPY, Compression::ZSTD(ZstdLevel::default()), Compression::UNCOMPRESSED][way];
        let written = WriterProperties::builder()
            .set_writer_version(version)
            .set_dictionary_enabled(dictionary)
            .set_compression(way)
            .set_data_page_size_limit(page)
            .set_write_batch_size(16)
            .build();
        let bytes = file(vec![("text", Arc::new(texts)), ("n", Arc::new(numbers))], written);
        proptest::prop_assert_eq!(reading(&bytes).unwrap().table.rows(), rows);
    }
}
