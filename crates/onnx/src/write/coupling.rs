//! The probabilities of many classes that fit those of all pairs best, by the sweeps that the model itself makes (the second
//! method of Wu, Lin and Weng, 2004): a loop over sweeps, which ends when every row has settled.

use super::graph::{Builder, Setting, Value};
use crate::message::{Graph, ValueInfo};

/// Sweeps at most, unless there are more classes.
const SWEEPS: usize = 100;

/// `rows × classes × classes` from `rows × pairs` of the first and the second class of each pair; 0 on the diagonal.
pub(super) fn of_pairs(
    graph: &mut Builder,
    [firsts, seconds]: [Value; 2],
    classes: usize,
) -> Value {
    let pairs = classes * (classes - 1) / 2;
    let own = graph.sum(firsts, 1);
    let nothing = graph.with("Mul", own, 0.0);
    let all = graph.side_by_side(&[firsts, seconds, nothing]);
    let pair =
        |first: usize, second: usize| first * (2 * classes - first - 1) / 2 + second - first - 1;
    let cells = (0..classes * classes).map(|cell| {
        let (row, column) = (cell / classes, cell % classes);
        let place = match row.cmp(&column) {
            std::cmp::Ordering::Less => pair(row, column),
            std::cmp::Ordering::Greater => pairs + pair(column, row),
            std::cmp::Ordering::Equal => 2 * pairs,
        };
        place as i64
    });
    let cells: Vec<i64> = cells.collect();
    let cells = graph.ints(&[cells.len()], &cells);
    let spread = graph.gather(all, cells, 1);
    graph.reshape(spread, &[-1, classes as i64, classes as i64])
}

/// Shares of the classes, `rows × classes`, from the probabilities of the first class of each pair.
pub(super) fn couple(graph: &mut Builder, firsts: Value, classes: usize) -> Value {
    let one = graph.number(1.0);
    let seconds = graph.op("Sub", &[one, firsts]);
    // Of a and b: P(b | a or b)², summed over b, on the diagonal; −P(b | a or b)·P(a | a or b) elsewhere.
    let squares = graph.op("Mul", &[seconds, seconds]);
    let other_squares = graph.op("Mul", &[firsts, firsts]);
    let squares = of_pairs(graph, [squares, other_squares], classes);
    let own = graph.sum(squares, 2);
    let own = graph.reshape(own, &[-1, classes as i64]);
    let products = graph.op("Mul", &[firsts, seconds]);
    let products = graph.op("Neg", &[products]);
    let apart = of_pairs(graph, [products, products], classes);
    let all: Vec<i64> = (0..classes as i64).collect();
    let columns: Vec<Value> = all.iter().map(|&class| column(graph, own, class)).collect();
    // The matrix is symmetric: its rows are its columns.
    let rows: Vec<Value> = all
        .iter()
        .map(|&class| {
            let which = graph.ints(&[1], &[class]);
            let off = graph.gather(apart, which, 1);
            let off = graph.reshape(off, &[-1, classes as i64]);
            let mut here = vec![0.0; classes];
            here[class as usize] = 1.0;
            let here = graph.row(&here);
            let diagonal = graph.op("Mul", &[columns[class as usize], here]);
            graph.op("Add", &[off, diagonal])
        })
        .collect();
    let nothing = graph.with("Mul", own, 0.0);
    let start = graph.with("Add", nothing, 1.0 / classes as f64);
    let count = graph.ints(&[], &[SWEEPS.max(classes) as i64]);
    let go_on = graph.truth(true);
    let body = sweep(graph, &rows, &columns, classes);
    let shares = graph.op_with(
        "Loop",
        &[count, go_on, start],
        vec![("body", Setting::Body(body))],
    );
    let total = graph.sum(shares, 1);
    graph.op("Div", &[shares, total])
}

fn column(graph: &mut Builder, from: Value, class: i64) -> Value {
    let which = graph.ints(&[1], &[class]);
    graph.gather(from, which, 1)
}

/// One sweep over the classes of the rows that have not settled.
fn sweep(graph: &mut Builder, rows: &[Value], owns: &[Value], classes: usize) -> Graph {
    let (round, before, shares) = (
        graph.named("round"),
        graph.named("has_more"),
        graph.named("shares"),
    );
    graph.open_body();
    let slopes: Vec<Value> = rows
        .iter()
        .map(|&row| {
            let parts = graph.op("Mul", &[row, shares]);
            graph.sum(parts, 1)
        })
        .collect();
    let mut slopes = graph.side_by_side(&slopes);
    let parts = graph.op("Mul", &[slopes, shares]);
    let mut value = graph.sum(parts, 1);
    let apart = graph.op("Sub", &[slopes, value]);
    let apart = graph.op("Abs", &[apart]);
    let farthest = graph.extreme("ReduceMax", apart);
    let settled = graph.with("Less", farthest, 1e-5 / classes as f64);
    let mut moved = shares;
    for (class, (&row, &own)) in rows.iter().zip(owns).enumerate() {
        let slope = column(graph, slopes, class as i64);
        let missing = graph.op("Sub", &[value, slope]);
        let change = graph.op("Div", &[missing, own]);
        let total = graph.with("Add", change, 1.0);
        let mut here = vec![0.0; classes];
        here[class] = 1.0;
        let here = graph.row(&here);
        let added = graph.op("Mul", &[change, here]);
        let grown = graph.op("Add", &[moved, added]);
        let twice = graph.with("Mul", slope, 2.0);
        let bent = graph.op("Mul", &[change, own]);
        let both = graph.op("Add", &[bent, twice]);
        let gained = graph.op("Mul", &[change, both]);
        let above = graph.op("Add", &[value, gained]);
        let below = graph.op("Mul", &[total, total]);
        value = graph.op("Div", &[above, below]);
        let steeper = graph.op("Mul", &[row, change]);
        let steeper = graph.op("Add", &[slopes, steeper]);
        slopes = graph.op("Div", &[steeper, total]);
        moved = graph.op("Div", &[grown, total]);
    }
    let kept = graph.op("Where", &[settled, shares, moved]);
    let (zero, one) = (graph.number(0.0), graph.number(1.0));
    let open = graph.op("Where", &[settled, zero, one]);
    let any = graph.op_with(
        "ReduceMax",
        &[open],
        vec![
            ("axes", Setting::Ints(vec![0, 1])),
            ("keepdims", Setting::Int(0)),
        ],
    );
    let half = graph.doubles(&[], &[0.5]);
    let go_on = graph.op("Greater", &[any, half]);
    let described = |value: Value, kind: i32, shape: &[Option<usize>]| -> ValueInfo {
        super::described(graph.name(value), kind, shape)
    };
    use crate::message::data_type::{BOOL, DOUBLE, INT64};
    let table = [None, Some(classes)];
    let input = vec![
        described(round, INT64, &[]),
        described(before, BOOL, &[]),
        described(shares, DOUBLE, &table),
    ];
    let output = vec![described(go_on, BOOL, &[]), described(kept, DOUBLE, &table)];
    Graph {
        node: graph.close_body(),
        name: "sweep".to_owned(),
        initializer: Vec::new(),
        input,
        output,
    }
}
