//! The operator of trees: every row walks down every tree, and what stands at the leaves is added up.

use super::operator::find;
use super::tensor::{Tensor, Values};
use crate::RunError;
use crate::message::Node;
use std::collections::HashMap;

/// Trees in one piece of memory.
pub(super) struct Trees {
    nodes: Vec<Place>,
    roots: Vec<usize>,
    /// Targets and weights of the leaves, one after the other.
    parts: Vec<(usize, f64)>,
    targets: usize,
    /// Columns that are asked about, counted from 0.
    columns: usize,
}

#[derive(Clone, Copy)]
enum Place {
    Inner {
        column: usize,
        at_most: f64,
        missing_is_yes: bool,
        yes: usize,
        no: usize,
    },
    /// First and one past the last of the parts.
    Leaf(usize, usize),
}

impl Trees {
    pub(super) fn read(node: &Node) -> Result<Self, RunError> {
        let wrong = |what: &str| RunError::Unknown(format!("TreeEnsembleRegressor with {what}"));
        let ints = |name: &str| find(node, name).map(|attribute| attribute.ints.as_slice());
        let needed = |name: &str| ints(name).ok_or_else(|| wrong(&format!("no {name}")));
        let doubles = |name: &str| -> Result<Vec<f64>, RunError> {
            let tensor = find(node, name).and_then(|attribute| attribute.t.as_ref());
            match Tensor::read(tensor.ok_or_else(|| wrong(&format!("no {name}")))?)?.values {
                Values::Doubles(values) => Ok(values),
                _ => Err(wrong("other thresholds than doubles")),
            }
        };
        let is_text = |name: &str, text: &str| {
            find(node, name).and_then(|attribute| attribute.s.as_deref()) == Some(text.as_bytes())
        };
        if !is_text("aggregate_function", "SUM") || !is_text("post_transform", "NONE") {
            return Err(wrong("other sums"));
        }
        let targets = find(node, "n_targets").and_then(|attribute| attribute.i);
        let targets = targets.and_then(|targets| usize::try_from(targets).ok());
        let modes = find(node, "nodes_modes").map_or(&[][..], |attribute| &attribute.strings);
        let (trees, ids) = (needed("nodes_treeids")?, needed("nodes_nodeids")?);
        let (yes, no) = (needed("nodes_truenodeids")?, needed("nodes_falsenodeids")?);
        let columns = needed("nodes_featureids")?;
        let values = doubles("nodes_values_as_tensor")?;
        let missing = ints("nodes_missing_value_tracks_true").unwrap_or_default();
        let count = modes.len();
        if [
            trees.len(),
            ids.len(),
            yes.len(),
            no.len(),
            columns.len(),
            values.len(),
        ] != [count; 6]
        {
            return Err(wrong("lists of different lengths"));
        }
        let places: HashMap<(i64, i64), usize> =
            (0..count).map(|at| ((trees[at], ids[at]), at)).collect();
        let mut leaves: HashMap<(i64, i64), Vec<(usize, f64)>> = HashMap::new();
        let weights = doubles("target_weights_as_tensor")?;
        let owners = needed("target_treeids")?
            .iter()
            .zip(needed("target_nodeids")?);
        for ((owner, &target), &weight) in owners.zip(needed("target_ids")?).zip(&weights) {
            let target = usize::try_from(target).ok();
            let target = target.filter(|&target| Some(target) < targets);
            let target = target.ok_or_else(|| wrong("a target that does not exist"))?;
            let own = leaves.entry((*owner.0, *owner.1)).or_default();
            own.push((target, weight));
        }
        let mut parts = Vec::with_capacity(weights.len());
        let mut nodes = Vec::with_capacity(count);
        for at in 0..count {
            let child = |id: i64| {
                let place = places.get(&(trees[at], id)).copied();
                // Children stand after their parents, so that no walk runs in a circle.
                place
                    .filter(|&place| place > at)
                    .ok_or_else(|| wrong("a child that does not exist"))
            };
            nodes.push(match modes[at].as_slice() {
                b"LEAF" => {
                    let first = parts.len();
                    parts.extend(leaves.remove(&(trees[at], ids[at])).unwrap_or_default());
                    Place::Leaf(first, parts.len())
                }
                b"BRANCH_LEQ" => Place::Inner {
                    column: usize::try_from(columns[at]).map_err(|_| wrong("a negative column"))?,
                    at_most: values[at],
                    missing_is_yes: missing.get(at) == Some(&1),
                    yes: child(yes[at])?,
                    no: child(no[at])?,
                },
                _ => return Err(wrong("other questions")),
            });
        }
        let starts = (0..count).filter(|&at| at == 0 || trees[at] != trees[at - 1]);
        let asked = nodes.iter().filter_map(|node| match node {
            Place::Inner { column, .. } => Some(column + 1),
            Place::Leaf(..) => None,
        });
        Ok(Self {
            columns: asked.max().unwrap_or(0),
            roots: starts.collect(),
            nodes,
            parts,
            targets: targets.ok_or_else(|| wrong("no targets"))?,
        })
    }

    /// Sums of each row and target as floats, `rows × targets`.
    pub(super) fn answer(&self, value: &Tensor) -> Result<Tensor, String> {
        let [rows, width] = value.table()?;
        if width < self.columns {
            return Err(format!(
                "{width} columns where {} are asked about",
                self.columns
            ));
        }
        let values = value.as_doubles()?;
        let mut floats = Vec::with_capacity(rows * self.targets);
        let mut sums = vec![0.0; self.targets];
        for row in values.chunks_exact(width.max(1)) {
            sums.fill(0.0);
            for &root in &self.roots {
                let (first, end) = self.leaf(root, row);
                for &(target, weight) in &self.parts[first..end] {
                    sums[target] += weight;
                }
            }
            floats.extend(sums.iter().map(|&sum| sum as f32));
        }
        Ok(Tensor {
            shape: vec![rows, self.targets],
            values: Values::Floats(floats),
        })
    }

    fn leaf(&self, root: usize, row: &[f64]) -> (usize, usize) {
        let mut at = root;
        loop {
            match self.nodes[at] {
                Place::Leaf(first, end) => return (first, end),
                Place::Inner {
                    column,
                    at_most,
                    missing_is_yes,
                    yes,
                    no,
                } => {
                    let value = row[column];
                    let is_yes = value <= at_most || (missing_is_yes && value.is_nan());
                    at = if is_yes { yes } else { no };
                }
            }
        }
    }
}
