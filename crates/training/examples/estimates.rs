//! Trains once and says what was estimated beside what it took, as a line of JSON: `estimates '{"rows": 20000, "columns": 20,
//! "categories": 2, "classes": 3, "threads": 2, "spec": {"target": "answer", "algorithm": "random_forest"}}'`; no `classes` is a
//! number to predict. Memory is the growth of the process's largest resident size (Linux), so each case wants a process of
//! its own. `cargo run --release --example estimates`.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program for people who measure"
)]

use serde::Deserialize;
use serde_json::json;
use std::error::Error;
use std::time::Instant;
use trainyard_table::{Column, Kind, Table, profile};
use trainyard_training::{TrainContext, TrainSpec, train};

#[derive(Deserialize)]
struct Case {
    rows: usize,
    columns: usize,
    #[serde(default)]
    categories: usize,
    #[serde(default)]
    classes: usize,
    #[serde(default)]
    threads: usize,
    spec: TrainSpec,
}

fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let text = std::env::args().nth(1).ok_or("say the case as JSON")?;
    let case: Case = serde_json::from_str(&text)?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(case.threads)
        .build()?;
    let table = table(&case)?;
    let described = profile(&table, None);
    let cores = pool.current_num_threads();
    let estimate = case.spec.estimate(&described, cores).ok_or("no estimate")?;
    let before = largest();
    let began = Instant::now();
    let context = TrainContext {
        clock: &|| began.elapsed().as_secs_f64(),
        ..TrainContext::silent()
    };
    pool.install(|| train(&case.spec, &table, &context))?;
    let seconds = began.elapsed().as_secs_f64();
    let bytes = largest().saturating_sub(before);
    println!(
        "{}",
        json!({
            "algorithm": case.spec.algorithm,
            "rows": case.rows,
            "columns": case.columns,
            "threads": cores,
            "seconds": seconds,
            "estimated_seconds": estimate.seconds,
            "times": estimate.seconds / seconds,
            "bytes": bytes,
            "estimated_bytes": estimate.bytes,
            "times_bytes": estimate.bytes as f64 / bytes.max(1) as f64,
        })
    );
    Ok(())
}

/// The process's largest resident size so far, in bytes; 0 where nobody tells.
fn largest() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok());
    kilobytes.map_or(0, |kilobytes: usize| kilobytes * 1024)
}

/// A number in -0.5..0.5 that looks like chance.
fn noise(row: usize, stream: usize) -> f64 {
    let mut mixed = (row as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        ^ (stream as u64 + 1).wrapping_mul(0xd134_2543_de82_ef95);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
}

/// Numbers and categories, the first of which say something about the answer.
fn table(case: &Case) -> Result<Table, Box<dyn Error + Send + Sync>> {
    let mut columns = Vec::new();
    for number in 0..case.columns - case.categories {
        let values = (0..case.rows).map(|row| Some(noise(row, number)));
        let name = format!("x{number}");
        columns.push(Column::numbers(&name, Kind::Number, values, None));
    }
    for number in 0..case.categories {
        let words: Vec<String> = (0..12).map(|word| format!("word {word}")).collect();
        let values = (0..case.rows).map(|row| {
            let place = ((noise(row, 1_000 + number) + 0.5) * 12.0) as usize;
            words.get(place).map(String::as_str)
        });
        let name = format!("c{number}");
        columns.push(Column::strings(&name, Kind::Category, values));
    }
    let signal = |row: usize| noise(row, 0) + noise(row, 1).powi(2) + noise(row, 9_999) / 3.0;
    columns.push(if case.classes > 1 {
        let labels: Vec<String> = (0..case.classes)
            .map(|class| format!("class {class}"))
            .collect();
        let label = |row: usize| {
            let share = ((signal(row) + 0.7) / 1.6).clamp(0.0, 0.999_999);
            labels
                .get((share * case.classes as f64) as usize)
                .map(String::as_str)
        };
        Column::strings("answer", Kind::Category, (0..case.rows).map(label))
    } else {
        let values = (0..case.rows).map(|row| Some(signal(row)));
        Column::numbers("answer", Kind::Number, values, None)
    });
    Ok(Table::new(columns)?)
}
