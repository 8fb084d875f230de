//! Calendar parts of seconds since 1970 (UTC) as nodes: the arithmetic of
//! <https://howardhinnant.github.io/date_algorithms.html> on whole numbers that doubles hold exactly. Quotients are rounded
//! down, which is exact too: no dividend here is large enough for a quotient to round up to the next whole number.

use super::graph::{Builder, Value};
use serde::Deserialize;

const SECONDS_A_DAY: f64 = 86_400.0;

/// A part of a date, as a preparation names it.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum DatePart {
    Year,
    Month,
    Day,
    Weekday,
    DayOfYear,
    Hour,
    ElapsedDays,
}

/// What all parts of a column are made from.
#[derive(Clone, Copy)]
pub(super) struct Moments {
    seconds: Value,
    /// With the time of day as a fraction.
    elapsed: Value,
    /// Whole days since 1970.
    days: Value,
    year: Value,
    month: Value,
    day: Value,
    day_of_year: Value,
}

/// The nodes that parts share; those that nobody asks for are left out when the graph is finished.
pub(super) fn moments(graph: &mut Builder, seconds: Value) -> Moments {
    let elapsed = graph.with("Div", seconds, SECONDS_A_DAY);
    let floor = graph.op("Floor", &[elapsed]);
    let days = graph.between(floor, -4e10, 4e10);
    // Years are counted from 1 March, so that the leap day is the last of its year.
    let shifted = graph.with("Add", days, 719_468.0);
    let era = quotient(graph, shifted, 146_097.0);
    let day_of_era = rest(graph, shifted, era, 146_097.0);
    let year_of_era = {
        let parts = [1460.0, 36_524.0, 146_096.0].map(|days| quotient(graph, day_of_era, days));
        let [four_years, century, whole] = parts;
        let less = graph.op("Sub", &[day_of_era, four_years]);
        let more = graph.op("Add", &[less, century]);
        let left = graph.op("Sub", &[more, whole]);
        quotient(graph, left, 365.0)
    };
    let from_march = {
        let days = graph.with("Mul", year_of_era, 365.0);
        let leap_days = quotient(graph, year_of_era, 4.0);
        let centuries = quotient(graph, year_of_era, 100.0);
        let days = graph.op("Add", &[days, leap_days]);
        let days = graph.op("Sub", &[days, centuries]);
        graph.op("Sub", &[day_of_era, days])
    };
    let month_from_march = {
        let five = graph.with("Mul", from_march, 5.0);
        let two = graph.with("Add", five, 2.0);
        quotient(graph, two, 153.0)
    };
    let day = {
        let days = graph.with("Mul", month_from_march, 153.0);
        let two = graph.with("Add", days, 2.0);
        let before = quotient(graph, two, 5.0);
        let own = graph.op("Sub", &[from_march, before]);
        graph.with("Add", own, 1.0)
    };
    let month = {
        let same_year = graph.with("Less", month_from_march, 10.0);
        let (after, before) = (graph.number(3.0), graph.number(-9.0));
        let moved = graph.op("Where", &[same_year, after, before]);
        graph.op("Add", &[month_from_march, moved])
    };
    let next_year = graph.with("Less", month, 3.0);
    let (zero, one) = (graph.number(0.0), graph.number(1.0));
    let year = {
        let eras = graph.with("Mul", era, 400.0);
        let from_march = graph.op("Add", &[year_of_era, eras]);
        let more = graph.op("Where", &[next_year, one, zero]);
        graph.op("Add", &[from_march, more])
    };
    let day_of_year = {
        let [fourth, hundredth, four_hundredth] = [4.0, 100.0, 400.0].map(|years| {
            let whole = quotient(graph, year, years);
            let left = rest(graph, year, whole, years);
            let divides = graph.with("Equal", left, 0.0);
            graph.op("Where", &[divides, one, zero])
        });
        let leap = graph.op("Sub", &[fourth, hundredth]);
        let leap = graph.op("Add", &[leap, four_hundredth]);
        let late = graph.with("Add", from_march, 60.0);
        let late = graph.op("Add", &[late, leap]);
        let early = graph.with("Sub", from_march, 305.0);
        graph.op("Where", &[next_year, early, late])
    };
    Moments {
        seconds,
        elapsed,
        days,
        year,
        month,
        day,
        day_of_year,
    }
}

/// One part.
pub(super) fn part(graph: &mut Builder, of: Moments, which: DatePart) -> Value {
    match which {
        DatePart::Year => of.year,
        DatePart::Month => of.month,
        DatePart::Day => of.day,
        DatePart::DayOfYear => of.day_of_year,
        DatePart::ElapsedDays => of.elapsed,
        DatePart::Weekday => {
            // 1970-01-01 was a Thursday.
            let moved = graph.with("Add", of.days, 3.0);
            let weeks = quotient(graph, moved, 7.0);
            let left = rest(graph, moved, weeks, 7.0);
            graph.with("Add", left, 1.0)
        }
        DatePart::Hour => {
            let left = rest(graph, of.seconds, of.days, SECONDS_A_DAY);
            let hour = quotient(graph, left, 3600.0);
            graph.between(hour, 0.0, 23.0)
        }
    }
}

/// Rounded down.
fn quotient(graph: &mut Builder, value: Value, divisor: f64) -> Value {
    let exact = graph.with("Div", value, divisor);
    graph.op("Floor", &[exact])
}

fn rest(graph: &mut Builder, value: Value, quotient: Value, divisor: f64) -> Value {
    let whole = graph.with("Mul", quotient, divisor);
    graph.op("Sub", &[value, whole])
}
