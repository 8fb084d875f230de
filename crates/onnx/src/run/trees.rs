//! The operator of trees: every row walks down every tree, and what stands at the leaves is added up.

use super::operator::find;
use super::tensor::{Tensor, Values};
use crate::RunError;
use crate::message::Node;

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

/// What stands at leaves, in their order.
struct Leaves<'a> {
    trees: &'a [i64],
    ids: &'a [i64],
    targets: &'a [i64],
    weights: &'a [f64],
    next: usize,
}

impl Leaves<'_> {
    /// The next ones, as far as they are this leaf's: target and weight.
    fn of(&mut self, tree: i64, id: i64) -> impl Iterator<Item = (i64, f64)> + '_ {
        let begin = self.next;
        while self.trees.get(self.next) == Some(&tree) && self.ids.get(self.next) == Some(&id) {
            self.next += 1;
        }
        let (targets, weights) = (
            &self.targets[begin..self.next],
            &self.weights[begin..self.next],
        );
        targets.iter().copied().zip(weights.iter().copied())
    }
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
        let weights = doubles("target_weights_as_tensor")?;
        let mut leaves = Leaves {
            trees: needed("target_treeids")?,
            ids: needed("target_nodeids")?,
            targets: needed("target_ids")?,
            weights: &weights,
            next: 0,
        };
        if [leaves.trees.len(), leaves.ids.len(), leaves.targets.len()] != [weights.len(); 3] {
            return Err(wrong("lists of different lengths"));
        }
        let mut parts = Vec::with_capacity(weights.len());
        let mut nodes = Vec::with_capacity(count);
        let mut roots = Vec::new();
        let mut places = Vec::new();
        // Trees follow each other, and the nodes of each are numbered from 0.
        for own in trees.chunk_by(|one, other| one == other) {
            let begin = nodes.len();
            roots.push(begin);
            places.clear();
            places.resize(own.len(), None);
            for (at, &number) in ids.iter().enumerate().skip(begin).take(own.len()) {
                let number = usize::try_from(number).ok();
                let place = number.and_then(|number| places.get_mut(number));
                *place.ok_or_else(|| wrong("nodes that are not counted"))? = Some(at);
            }
            for at in begin..begin + own.len() {
                let child = |number: i64| {
                    let number = usize::try_from(number).ok();
                    let place = number.and_then(|number| *places.get(number)?);
                    // Children stand after their parents, so that no walk runs in a circle.
                    place
                        .filter(|&place| place > at)
                        .ok_or_else(|| wrong("a child that does not exist"))
                };
                nodes.push(match modes[at].as_ref() {
                    b"LEAF" => {
                        let first = parts.len();
                        for (target, weight) in leaves.of(trees[at], ids[at]) {
                            let target = usize::try_from(target).ok();
                            let target = target.filter(|&target| Some(target) < targets);
                            let target =
                                target.ok_or_else(|| wrong("a target that does not exist"))?;
                            parts.push((target, weight));
                        }
                        Place::Leaf(first, parts.len())
                    }
                    b"BRANCH_LEQ" => Place::Inner {
                        column: usize::try_from(columns[at])
                            .map_err(|_| wrong("a negative column"))?,
                        at_most: values[at],
                        missing_is_yes: missing.get(at) == Some(&1),
                        yes: child(yes[at])?,
                        no: child(no[at])?,
                    },
                    _ => return Err(wrong("other questions")),
                });
            }
        }
        if leaves.next != weights.len() {
            return Err(wrong("leaves in another order than nodes"));
        }
        let asked = nodes.iter().filter_map(|node| match node {
            Place::Inner { column, .. } => Some(column + 1),
            Place::Leaf(..) => None,
        });
        Ok(Self {
            columns: asked.max().unwrap_or(0),
            roots,
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
