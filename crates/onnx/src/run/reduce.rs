//! Operators that make one number of many.

use super::tensor::{Tensor, Values};

/// What many numbers become.
#[derive(Clone, Copy)]
pub(super) enum Reduction {
    Sum,
    Least,
    Most,
}

/// Along some axes, which stay with length 1 or go.
pub(super) fn reduce(
    reduction: Reduction,
    value: &Tensor,
    axes: &[usize],
    keeps: bool,
) -> Result<Tensor, String> {
    let (start, join): (f64, fn(f64, f64) -> f64) = match reduction {
        Reduction::Sum => (0.0, |one, other| one + other),
        Reduction::Least => (f64::INFINITY, f64::min),
        Reduction::Most => (f64::NEG_INFINITY, f64::max),
    };
    let mut shape = value.shape.clone();
    let mut values = value.as_doubles()?.to_vec();
    for &axis in axes {
        let Some(&count) = shape.get(axis) else {
            return Err("there is no such axis".to_owned());
        };
        let inner: usize = shape[axis + 1..].iter().product();
        let outer: usize = shape[..axis].iter().product();
        let mut joined = vec![start; outer * inner];
        for block in 0..outer {
            for entry in 0..count {
                let own = &values[(block * count + entry) * inner..][..inner];
                let sums = &mut joined[block * inner..][..inner];
                sums.iter_mut()
                    .zip(own)
                    .for_each(|(sum, &own)| *sum = join(*sum, own));
            }
        }
        values = joined;
        shape[axis] = 1;
    }
    if !keeps {
        let left = shape
            .iter()
            .enumerate()
            .filter(|(axis, _)| !axes.contains(axis));
        shape = left.map(|(_, &length)| length).collect();
    }
    Ok(Tensor::doubles(shape, values))
}

/// A product of two tables, or of one with each of many.
pub(super) fn product(left: &Tensor, right: &Tensor) -> Result<Tensor, String> {
    if let [many, depth, columns] = right.shape[..] {
        let [rows, _] = left.table()?;
        let mut values = Vec::with_capacity(many * rows * columns);
        for block in right.as_doubles()?.chunks_exact((depth * columns).max(1)) {
            let one = Tensor::doubles(vec![depth, columns], block.to_vec());
            values.extend_from_slice(product(left, &one)?.as_doubles()?);
        }
        return Ok(Tensor::doubles(vec![many, rows, columns], values));
    }
    let ([rows, depth], [own_depth, columns]) = (left.table()?, right.table()?);
    if depth != own_depth {
        return Err(format!("{depth} columns do not meet {own_depth} rows"));
    }
    let (lefts, rights) = (left.as_doubles()?, right.as_doubles()?);
    let mut values = vec![0.0; rows * columns];
    for (row, sums) in values.chunks_exact_mut(columns.max(1)).enumerate() {
        for (factor, line) in lefts[row * depth..(row + 1) * depth]
            .iter()
            .zip(rights.chunks_exact(columns.max(1)))
        {
            sums.iter_mut()
                .zip(line)
                .for_each(|(sum, value)| *sum += factor * value);
        }
    }
    Ok(Tensor::doubles(vec![rows, columns], values))
}

/// The column of the largest number of each row, the first among equals.
pub(super) fn places_of_largest(value: &Tensor) -> Result<Tensor, String> {
    let [rows, columns] = value.table()?;
    let lines = value.as_doubles()?.chunks_exact(columns.max(1));
    let places = lines.map(|line| i64::from(trainyard_estimators::prediction::argmax(line)));
    Ok(Tensor {
        shape: vec![rows],
        values: Values::Ints(places.collect()),
    })
}

/// The smallest numbers of each row, rising, and their columns; of equal ones the first.
pub(super) fn smallest(value: &Tensor, count: &Tensor) -> Result<[Tensor; 2], String> {
    let [rows, columns] = value.table()?;
    let count = match count.as_ints()? {
        &[count] if count > 0 && count as usize <= columns => count as usize,
        _ => return Err("more entries are asked for than there are".to_owned()),
    };
    let (mut keys, mut places) = (Vec::new(), Vec::new());
    let mut order: Vec<usize> = Vec::with_capacity(columns);
    for line in value.as_doubles()?.chunks_exact(columns.max(1)) {
        let nearer = |one: &usize, other: &usize| {
            line[*one]
                .total_cmp(&line[*other])
                .then_with(|| one.cmp(other))
        };
        order.clear();
        order.extend(0..columns);
        if count < columns {
            order.select_nth_unstable_by(count - 1, nearer);
        }
        let found = &mut order[..count];
        found.sort_unstable_by(nearer);
        keys.extend(found.iter().map(|&place| line[place]));
        places.extend(found.iter().map(|&place| place as i64));
    }
    Ok([
        Tensor::doubles(vec![rows, count], keys),
        Tensor {
            shape: vec![rows, count],
            values: Values::Ints(places),
        },
    ])
}
