//! Reads and profiles a file and prints, as one JSON line, how long that took: `ingest FILE [TARGET]`.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program for people who measure"
)]

use std::error::Error;
use std::time::Instant;
use trainyard_table::{ReadOptions, profile, read};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("name a file to read")?;
    let target = arguments.next();
    let begun = Instant::now();
    let result = read(std::fs::File::open(&path)?, &path, &ReadOptions::default())?;
    let read_seconds = begun.elapsed().as_secs_f64();
    let profile = profile(&result.table, target.as_deref());
    let said = serde_json::json!({
        "seconds": begun.elapsed().as_secs_f64(),
        "read_seconds": read_seconds,
        "rows": profile.rows,
        "columns": result.table.columns().len(),
        "warnings": profile.warnings.len(),
    });
    println!("{said}");
    Ok(())
}
