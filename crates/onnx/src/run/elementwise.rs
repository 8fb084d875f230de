//! Operators on one element after the other; where shapes differ, axes of length 1 are repeated, the last axes first.

use super::tensor::{Tensor, Values, length};

/// Of one number.
#[derive(Clone, Copy)]
pub(super) enum Single {
    Negative,
    Absolute,
    Floor,
    Exponential,
    Root,
    Tangent,
}

/// Of two numbers.
#[derive(Clone, Copy)]
pub(super) enum Pairwise {
    Add,
    Subtract,
    Multiply,
    Divide,
    Least,
    Most,
}

/// Of two numbers, a truth.
#[derive(Clone, Copy)]
pub(super) enum Comparison {
    Less,
    Greater,
    Equal,
}

pub(super) fn single(single: Single, value: &Tensor) -> Result<Tensor, String> {
    let of = match single {
        Single::Negative => |value: f64| -value,
        Single::Absolute => f64::abs,
        Single::Floor => f64::floor,
        Single::Exponential => f64::exp,
        Single::Root => f64::sqrt,
        Single::Tangent => f64::tanh,
    };
    let values = value.as_doubles()?.iter().map(|&value| of(value));
    Ok(Tensor::doubles(value.shape.clone(), values.collect()))
}

/// Of floats, as runtimes have it.
pub(super) fn arctangent(value: &Tensor) -> Result<Tensor, String> {
    let Values::Floats(floats) = &value.values else {
        return Err("other than floats".to_owned());
    };
    Ok(Tensor {
        shape: value.shape.clone(),
        values: Values::Floats(floats.iter().map(|value| value.atan()).collect()),
    })
}

pub(super) fn pairwise(pairwise: Pairwise, one: &Tensor, other: &Tensor) -> Result<Tensor, String> {
    let sides = (one.as_doubles()?, other.as_doubles()?);
    let shapes = (&one.shape[..], &other.shape[..]);
    let (shape, values) = match pairwise {
        Pairwise::Add => both(shapes, sides, |one, other| one + other),
        Pairwise::Subtract => both(shapes, sides, |one, other| one - other),
        Pairwise::Multiply => both(shapes, sides, |one, other| one * other),
        Pairwise::Divide => both(shapes, sides, |one, other| one / other),
        Pairwise::Least => both(shapes, sides, f64::min),
        Pairwise::Most => both(shapes, sides, f64::max),
    }?;
    Ok(Tensor::doubles(shape, values))
}

pub(super) fn compare(
    comparison: Comparison,
    one: &Tensor,
    other: &Tensor,
) -> Result<Tensor, String> {
    let shapes = (&one.shape[..], &other.shape[..]);
    let (shape, truths) = match (&one.values, &other.values) {
        (Values::Ints(ones), Values::Ints(others)) => compared(comparison, shapes, (ones, others)),
        _ => compared(comparison, shapes, (one.as_doubles()?, other.as_doubles()?)),
    }?;
    Ok(Tensor {
        shape,
        values: Values::Truths(truths),
    })
}

fn compared<T: Copy + PartialOrd>(
    comparison: Comparison,
    shapes: (&[usize], &[usize]),
    sides: (&[T], &[T]),
) -> Result<(Vec<usize>, Vec<bool>), String> {
    match comparison {
        Comparison::Less => both(shapes, sides, |one, other| one < other),
        Comparison::Greater => both(shapes, sides, |one, other| one > other),
        Comparison::Equal => both(shapes, sides, |one, other| one == other),
    }
}

/// One number where it is true, another where not.
pub(super) fn choose(truth: &Tensor, yes: &Tensor, no: &Tensor) -> Result<Tensor, String> {
    let sides = (yes.as_doubles()?, no.as_doubles()?);
    let (shape, pairs) = both((&yes.shape, &no.shape), sides, |yes, no| (yes, no))?;
    let (shape, values) = both(
        (&truth.shape, &shape),
        (truth.as_truths()?, &pairs),
        |truth, (yes, no)| if truth { yes } else { no },
    )?;
    Ok(Tensor::doubles(shape, values))
}

pub(super) fn doubled(value: &Tensor) -> Result<Tensor, String> {
    let doubles = match &value.values {
        Values::Floats(values) => values.iter().map(|&value| f64::from(value)).collect(),
        Values::Ints(values) => values.iter().map(|&value| value as f64).collect(),
        Values::Doubles(values) => values.clone(),
        _ => return Err("neither numbers nor codes to make doubles of".to_owned()),
    };
    Ok(Tensor::doubles(value.shape.clone(), doubles))
}

pub(super) fn to_float(value: &Tensor) -> Result<Tensor, String> {
    let floats = value.as_doubles()?.iter().map(|&value| value as f32);
    Ok(Tensor {
        shape: value.shape.clone(),
        values: Values::Floats(floats.collect()),
    })
}

pub(super) fn to_int(value: &Tensor) -> Result<Tensor, String> {
    let ints = value.as_doubles()?.iter().map(|&value| value as i64);
    Ok(Tensor {
        shape: value.shape.clone(),
        values: Values::Ints(ints.collect()),
    })
}

/// Applies a function to pairs of elements; gives the common shape too.
fn both<A: Copy, B: Copy, T>(
    (one, other): (&[usize], &[usize]),
    (ones, others): (&[A], &[B]),
    of: impl Fn(A, B) -> T,
) -> Result<(Vec<usize>, Vec<T>), String> {
    if one == other {
        let pairs = ones.iter().zip(others);
        return Ok((
            one.to_vec(),
            pairs.map(|(&one, &other)| of(one, other)).collect(),
        ));
    }
    let axes = one.len().max(other.len());
    let padded = |shape: &[usize]| {
        let mut padded = vec![1; axes - shape.len()];
        padded.extend_from_slice(shape);
        padded
    };
    let (one, other) = (padded(one), padded(other));
    let mut shape = Vec::with_capacity(axes);
    for (&one, &other) in one.iter().zip(&other) {
        shape.push(match (one, other) {
            (1, length) | (length, 1) => length,
            (one, other) if one == other => one,
            (one, other) => return Err(format!("axes of {one} and {other} do not go together")),
        });
    }
    let count = length(&shape).ok_or("too many elements")?;
    let mut made = Vec::with_capacity(count);
    let last = shape.last().copied().unwrap_or(1);
    let (one_steps, other_steps) = (steps(&one), steps(&other));
    let step = |steps: &[usize]| steps.last().copied().unwrap_or(0);
    let (one_step, other_step) = (step(&one_steps), step(&other_steps));
    let mut place = vec![0; axes];
    let lines = count.checked_div(last).unwrap_or(0);
    for _ in 0..lines {
        let start = |steps: &[usize]| -> usize {
            steps
                .iter()
                .zip(&place)
                .map(|(step, place)| step * place)
                .sum()
        };
        let (first_one, first_other) = (start(&one_steps), start(&other_steps));
        made.extend((0..last).map(|index| {
            of(
                ones[first_one + index * one_step],
                others[first_other + index * other_step],
            )
        }));
        for axis in (0..axes.saturating_sub(1)).rev() {
            place[axis] += 1;
            if place[axis] < shape[axis] {
                break;
            }
            place[axis] = 0;
        }
    }
    Ok((shape, made))
}

/// How far apart neighbours along each axis are; 0 where one element is repeated.
fn steps(shape: &[usize]) -> Vec<usize> {
    let mut steps = vec![0; shape.len()];
    let mut step = 1;
    for (own, &length) in steps.iter_mut().zip(shape).rev() {
        *own = if length == 1 { 0 } else { step };
        step *= length;
    }
    steps
}
