//! Operators that pick elements and put them elsewhere.

use super::tensor::{Tensor, Values, length};
use std::sync::Arc;

/// The entries along an axis that are asked for, in the shape in which they are asked for.
pub(super) fn gather(from: &Tensor, which: &Tensor, axis: usize) -> Result<Tensor, String> {
    let Some(&count) = from.shape.get(axis) else {
        return Err("there is no such axis".to_owned());
    };
    let which_entries = which.as_ints()?.iter().map(|&entry| {
        let place = usize::try_from(entry).ok().filter(|&place| place < count);
        place.ok_or_else(|| format!("entry {entry} of {count} was asked for"))
    });
    let places = which_entries.collect::<Result<Vec<_>, _>>()?;
    let (before, after) = from.shape.split_at(axis);
    let after = &after[1..];
    let (outer, inner) = (
        before.iter().product::<usize>(),
        after.iter().product::<usize>(),
    );
    let shape = [before, &which.shape, after].concat();
    fn take<T: Clone>(values: &[T], places: &[usize], [outer, count, inner]: [usize; 3]) -> Vec<T> {
        let mut taken = Vec::with_capacity(outer * places.len() * inner);
        for block in 0..outer {
            for place in places {
                let first = (block * count + place) * inner;
                taken.extend_from_slice(&values[first..first + inner]);
            }
        }
        taken
    }
    let sizes = [outer, count, inner];
    let values = match &from.values {
        Values::Doubles(values) => Values::Doubles(take(values, &places, sizes)),
        Values::Ints(values) => Values::Ints(take(values, &places, sizes)),
        _ => return Err("neither numbers nor codes".to_owned()),
    };
    Ok(Tensor { shape, values })
}

/// For each index the element at that place of the last of three axes, in its own line.
pub(super) fn pick(from: &Tensor, which: &Tensor) -> Result<Tensor, String> {
    let (&[rows, lines, count], &[own_rows, own_lines, wanted]) =
        (&from.shape[..], &which.shape[..])
    else {
        return Err("other than three axes".to_owned());
    };
    if [rows, lines] != [own_rows, own_lines] {
        return Err("lines that do not go together".to_owned());
    }
    let (cells, places) = (from.as_doubles()?, which.as_ints()?);
    let mut picked = Vec::with_capacity(places.len());
    for (cells, places) in cells
        .chunks_exact(count.max(1))
        .zip(places.chunks_exact(wanted.max(1)))
    {
        for &place in places {
            let cell = usize::try_from(place)
                .ok()
                .and_then(|place| cells.get(place));
            picked.push(*cell.ok_or_else(|| format!("entry {place} of {count} was asked for"))?);
        }
    }
    Ok(Tensor::doubles(which.shape.clone(), picked))
}

/// Tables of as many rows beside each other.
pub(super) fn side_by_side(parts: &[Arc<Tensor>]) -> Result<Tensor, String> {
    let tables = parts
        .iter()
        .map(|part| Ok((part.table()?, part.as_doubles()?)));
    let tables = tables.collect::<Result<Vec<_>, String>>()?;
    let rows = tables.first().map_or(0, |([rows, _], _)| *rows);
    if tables.iter().any(|([own, _], _)| *own != rows) {
        return Err("tables with different numbers of rows".to_owned());
    }
    let width = tables
        .iter()
        .map(|([_, columns], _)| columns)
        .sum::<usize>();
    let mut values = Vec::with_capacity(rows * width);
    for row in 0..rows {
        for ([_, columns], own) in &tables {
            values.extend_from_slice(&own[row * columns..(row + 1) * columns]);
        }
    }
    Ok(Tensor::doubles(vec![rows, width], values))
}

/// The same elements in another shape, of which one length may be left open as −1.
pub(super) fn reshape(value: &Tensor, shape: &Tensor) -> Result<Tensor, String> {
    let asked = shape.as_ints()?;
    let known = asked.iter().filter(|&&length| length >= 0);
    let known: Vec<usize> = known.map(|&length| length as usize).collect();
    let known = length(&known).ok_or("too many elements")?;
    let rest = value.values.len().checked_div(known).unwrap_or(0);
    let shape = asked
        .iter()
        .map(|&length| usize::try_from(length).unwrap_or(rest));
    let shape: Vec<usize> = shape.collect();
    if length(&shape) != Some(value.values.len()) {
        return Err(format!(
            "{} elements do not fill the shape {asked:?}",
            value.values.len()
        ));
    }
    Ok(Tensor {
        shape,
        values: value.values.clone(),
    })
}
