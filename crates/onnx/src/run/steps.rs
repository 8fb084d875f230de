//! Nodes as steps, worked off one after the other. A value is let go after the last step that reads it.

use super::operator::{Body, Operator};
use super::tensor::{Tensor, Values};
use super::{arrange, elementwise, reduce};
use crate::RunError;
use crate::message::Node;
use std::collections::HashMap;
use std::sync::Arc;

/// Rounds of a loop at most: more than the writer ever asks for.
const MOST_ROUNDS: i64 = 1 << 20;

/// A place for each named value.
#[derive(Default)]
pub(super) struct Slots {
    by_name: HashMap<String, usize>,
}

impl Slots {
    /// The slot of a name.
    pub(super) fn of(&mut self, name: &str) -> usize {
        let next = self.by_name.len();
        *self.by_name.entry(name.to_owned()).or_insert(next)
    }
}

/// One operator with the slots of what it reads and makes.
pub(super) struct Step {
    name: String,
    operator: Operator,
    inputs: Vec<usize>,
    outputs: Vec<usize>,
    /// What no later step reads.
    let_go: Vec<usize>,
}

/// All steps, and the values that are there before the first one.
pub(super) struct Steps {
    steps: Vec<Step>,
    start: Vec<Option<Arc<Tensor>>>,
}

impl Step {
    pub(super) fn read(node: &Node, slots: &mut Slots) -> Result<Self, RunError> {
        Ok(Self {
            name: node.op_type.clone(),
            inputs: node.input.iter().map(|name| slots.of(name)).collect(),
            outputs: node.output.iter().map(|name| slots.of(name)).collect(),
            operator: Operator::read(node, slots)?,
            let_go: Vec::new(),
        })
    }

    /// All slots that it or its body reads.
    fn read_slots(&self, each: &mut dyn FnMut(usize)) {
        self.inputs.iter().for_each(|&slot| each(slot));
        if let Operator::Loop(body) = &self.operator {
            body.steps.iter().for_each(|step| step.read_slots(each));
            body.outputs.iter().for_each(|&slot| each(slot));
        }
    }
}

impl Steps {
    pub(super) fn read(
        nodes: &[Node],
        mut slots: Slots,
        constants: Vec<(usize, Tensor)>,
        outputs: &[usize],
    ) -> Result<Self, RunError> {
        let steps = nodes.iter().map(|node| Step::read(node, &mut slots));
        let mut steps = steps.collect::<Result<Vec<_>, _>>()?;
        let mut start = vec![None; slots.by_name.len()];
        let mut is_kept = vec![false; start.len()];
        outputs.iter().for_each(|&slot| is_kept[slot] = true);
        for (slot, constant) in constants {
            start[slot] = Some(Arc::new(constant));
            is_kept[slot] = true;
        }
        for step in steps.iter_mut().rev() {
            let mut last = Vec::new();
            step.read_slots(&mut |slot| {
                if !std::mem::replace(&mut is_kept[slot], true) {
                    last.push(slot);
                }
            });
            step.let_go = last;
        }
        Ok(Self { steps, start })
    }

    /// Works off all steps; gives the values of some slots.
    pub(super) fn run(
        &self,
        fed: Vec<(usize, Tensor)>,
        outputs: &[usize],
    ) -> Result<Vec<Arc<Tensor>>, RunError> {
        let mut values = self.start.clone();
        for (slot, tensor) in fed {
            values[slot] = Some(Arc::new(tensor));
        }
        for step in &self.steps {
            work_off(step, &mut values)?;
            step.let_go.iter().for_each(|&slot| values[slot] = None);
        }
        outputs.iter().map(|&slot| get(&values, slot)).collect()
    }
}

fn get(values: &[Option<Arc<Tensor>>], slot: usize) -> Result<Arc<Tensor>, RunError> {
    let value = values.get(slot).and_then(Option::as_ref);
    let value = value.ok_or_else(|| {
        RunError::Unreadable("a node reads what no node before it makes".to_owned())
    })?;
    Ok(Arc::clone(value))
}

fn work_off(step: &Step, values: &mut [Option<Arc<Tensor>>]) -> Result<(), RunError> {
    let inputs = step.inputs.iter().map(|&slot| get(values, slot));
    let inputs = inputs.collect::<Result<Vec<_>, _>>()?;
    let made = match &step.operator {
        Operator::Loop(body) => vec![repeat(body, &inputs, values)?],
        operator => apply(operator, &inputs).map_err(|detail| RunError::Values {
            operator: step.name.clone(),
            detail,
        })?,
    };
    for (&slot, tensor) in step.outputs.iter().zip(made) {
        values[slot] = Some(tensor);
    }
    Ok(())
}

fn repeat(
    body: &Body,
    inputs: &[Arc<Tensor>],
    values: &mut [Option<Arc<Tensor>>],
) -> Result<Arc<Tensor>, RunError> {
    let odd = || RunError::Values {
        operator: "Loop".to_owned(),
        detail: "the number of rounds and the condition are not one value each".to_owned(),
    };
    let [count, go_on, start] = inputs else {
        return Err(odd());
    };
    let is_true = |tensor: &Tensor| match tensor.values {
        Values::Truths(ref truths) if truths.len() == 1 => Ok(truths[0]),
        _ => Err(odd()),
    };
    let &[rounds] = count.as_ints().map_err(|_| odd())? else {
        return Err(odd());
    };
    let (mut go_on, mut value) = (Arc::clone(go_on), Arc::clone(start));
    for round in 0..rounds.min(MOST_ROUNDS) {
        if !is_true(&go_on)? {
            break;
        }
        let number = Tensor {
            shape: Vec::new(),
            values: Values::Ints(vec![round]),
        };
        let handed = [Arc::new(number), go_on, value];
        for (&slot, tensor) in body.inputs.iter().zip(handed) {
            values[slot] = Some(tensor);
        }
        for step in &body.steps {
            work_off(step, values)?;
        }
        go_on = get(values, body.outputs[0])?;
        value = get(values, body.outputs[1])?;
    }
    Ok(value)
}

fn apply(operator: &Operator, inputs: &[Arc<Tensor>]) -> Result<Vec<Arc<Tensor>>, String> {
    let made = match (operator, inputs) {
        (Operator::Identity, [value]) => return Ok(vec![Arc::clone(value)]),
        (Operator::Single(single), [value]) => elementwise::single(*single, value)?,
        (Operator::Arctangent, [value]) => elementwise::arctangent(value)?,
        (Operator::Pairwise(pairwise), [one, other]) => {
            elementwise::pairwise(*pairwise, one, other)?
        }
        (Operator::Comparison(comparison), [one, other]) => {
            elementwise::compare(*comparison, one, other)?
        }
        (Operator::Where, [truth, yes, no]) => elementwise::choose(truth, yes, no)?,
        (Operator::CastToDouble, [value]) => elementwise::doubled(value)?,
        (Operator::CastToFloat, [value]) => elementwise::to_float(value)?,
        (Operator::CastToInt, [value]) => elementwise::to_int(value)?,
        (Operator::Gather { axis }, [from, which]) => arrange::gather(from, which, *axis)?,
        (Operator::GatherElements, [from, which]) => arrange::pick(from, which)?,
        (Operator::Concat, parts) => arrange::side_by_side(parts)?,
        (Operator::Reshape, [value, shape]) => arrange::reshape(value, shape)?,
        (Operator::MatMul, [left, right]) => reduce::product(left, right)?,
        (Operator::ReduceSum, [value, axes]) => {
            let axes = axes.as_ints()?.iter().map(|&axis| usize::try_from(axis));
            let axes = axes.collect::<Result<Vec<_>, _>>();
            let axes = axes.map_err(|_| "a negative axis".to_owned())?;
            reduce::reduce(reduce::Reduction::Sum, value, &axes, true)?
        }
        (
            Operator::Reduce {
                reduction,
                axes,
                keeps,
            },
            [value],
        ) => reduce::reduce(*reduction, value, axes, *keeps)?,
        (Operator::ArgMax, [value]) => reduce::places_of_largest(value)?,
        (Operator::TopK, [value, count]) => {
            let [keys, found] = reduce::smallest(value, count)?;
            return Ok(vec![Arc::new(keys), Arc::new(found)]);
        }
        (Operator::Trees(trees), [value]) => trees.answer(value)?,
        (Operator::TextToCode { codes, other }, [value]) => match &value.values {
            Values::Texts(texts) => Tensor {
                shape: value.shape.clone(),
                values: Values::Ints(
                    texts
                        .iter()
                        .map(|text| codes.get(text).copied().unwrap_or(*other))
                        .collect(),
                ),
            },
            _ => return Err("categories that are no text".to_owned()),
        },
        (Operator::CodeToText { texts, other }, [value]) => {
            let codes = value.as_ints()?.iter();
            Tensor {
                shape: value.shape.clone(),
                values: Values::Texts(
                    codes
                        .map(|code| texts.get(code).unwrap_or(other).clone())
                        .collect(),
                ),
            }
        }
        _ => return Err(format!("{} inputs are not what it takes", inputs.len())),
    };
    Ok(vec![Arc::new(made)])
}
