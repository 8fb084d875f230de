//! Trees: single ones, forests and boosted ones, as one `TreeEnsembleRegressor`.
//!
//! Our trees ask about bins of bytes; the operator asks about the numbers that the bins are cut at, which is the same
//! question: a value is in the bin of the first cut that is not below it. Categories come as the numbers of their bins. A
//! question about a set of bins becomes a chain of questions about neighbouring ones, whose yes-branches lead to the same
//! two children.

mod question;

use super::columns::Feature;
use super::graph::{Builder, Setting, Value};
use crate::ExportError;
use prost::bytes::Bytes;
use question::{Chain, Link, Question, chain};
use trainyard_estimators::{State, StateError};

/// Sums beyond do not fit the floats that the operator answers.
const LARGEST_SUM: f64 = 1e30;

/// Class shares or numbers of a tree or a forest.
pub(super) fn trees(
    graph: &mut Builder,
    features: &[Feature],
    state: &State,
) -> Result<Value, ExportError> {
    let classes: usize = state.meta("classes")?;
    let forest = Forest::read(state)?;
    let count = forest.roots.len() as f64;
    if classes == 0 {
        let sums = forest.sums(graph, features, 1, |_, answer| vec![(0, answer[0])])?;
        let mean = graph.with("Div", sums, count);
        return put_back(graph, mean, state);
    }
    if classes == 2 {
        let sums = forest.sums(graph, features, 1, |_, answer| vec![(0, answer[1])])?;
        let second = graph.with("Div", sums, count);
        return Ok(graph.both(second));
    }
    let shares = |_, answer: &[f64]| {
        let shares = answer.iter().copied().enumerate();
        shares.filter(|(_, share)| *share != 0.0).collect()
    };
    let sums = forest.sums(graph, features, classes, shares)?;
    Ok(graph.with("Div", sums, count))
}

/// Class shares or numbers of boosted trees.
pub(super) fn boosted(
    graph: &mut Builder,
    features: &[Feature],
    state: &State,
) -> Result<Value, ExportError> {
    let baseline = state.f64s("baseline")?;
    let outputs = baseline.len();
    let link: String = state.meta("link")?;
    let forest = Forest::read(state)?;
    let start = graph.row(baseline);
    let scores = if forest.roots.is_empty() {
        let rows = super::baseline::zeros(graph, features);
        graph.op("Add", &[rows, start])
    } else {
        let turns = |tree: usize, answer: &[f64]| vec![(tree % outputs, answer[0])];
        let sums = forest.sums(graph, features, outputs, turns)?;
        graph.op("Add", &[sums, start])
    };
    match link.as_str() {
        "identity" => put_back(graph, scores, state),
        "exponential" => {
            let most = graph.number(700.0);
            let bounded = graph.op("Min", &[scores, most]);
            Ok(graph.op("Exp", &[bounded]))
        }
        "logistic" => {
            let second = graph.logistic(scores);
            Ok(graph.both(second))
        }
        "softmax" => Ok(graph.softmax(scores)),
        other => Err(StateError(format!("there is no link '{other}'")).into()),
    }
}

/// Adds what was taken off before trees saw the numbers.
fn put_back(graph: &mut Builder, value: Value, state: &State) -> Result<Value, ExportError> {
    let &[mean, scale] = state.f64s("centre")? else {
        return Err(StateError("the mean does not fit".to_owned()).into());
    };
    let moved = graph.with("Add", value, mean);
    let scaled = graph.with("Mul", moved, scale);
    Ok(graph.finite(scaled))
}

/// How a column becomes bins.
enum Bins<'a> {
    Cuts(&'a [f64]),
    /// The bin of each level.
    Levels(&'a [u8]),
}

/// The arrays of fitted trees, as they save them.
struct Forest<'a> {
    bins: Vec<Bins<'a>>,
    /// The feature that each of these is about; of those with many cuts there are several.
    about: Vec<usize>,
    next: &'a [u32],
    feature: &'a [u16],
    bin: &'a [u8],
    flags: &'a [u8],
    roots: &'a [u32],
    subset_numbers: &'a [u32],
    subsets: &'a [[u64; 4]],
    answers: &'a [f64],
    width: usize,
}

const LEAF: u8 = 1;
const MISSING_LEFT: u8 = 2;
const SUBSET: u8 = 4;

impl<'a> Forest<'a> {
    fn read(state: &'a State) -> Result<Self, ExportError> {
        let (kinds, sizes) = (state.u8s("bins.categorical")?, state.u32s("bins.sizes")?);
        let (mut cuts, mut levels) = (state.f64s("bins.cuts")?, state.u8s("bins.levels")?);
        let short = || StateError("the bins do not fit together".to_owned());
        let mut bins = Vec::with_capacity(kinds.len());
        for (&kind, &size) in kinds.iter().zip(sizes) {
            let size = size as usize;
            bins.push(if kind == 0 {
                let (own, rest) = cuts.split_at_checked(size).ok_or_else(short)?;
                cuts = rest;
                Bins::Cuts(own)
            } else {
                let (own, rest) = levels.split_at_checked(size).ok_or_else(short)?;
                levels = rest;
                Bins::Levels(own)
            });
        }
        let about = match state.arrays.get("bins.features") {
            Some(_) => state
                .u16s("bins.features")?
                .iter()
                .map(|&own| own.into())
                .collect(),
            None => (0..bins.len()).collect(),
        };
        Ok(Self {
            bins,
            about,
            next: state.u32s("trees.next")?,
            feature: state.u16s("trees.feature")?,
            bin: state.u8s("trees.bin")?,
            flags: state.u8s("trees.flags")?,
            roots: state.u32s("trees.roots")?,
            subset_numbers: state.u32s("trees.subset_numbers")?,
            subsets: state.u64s("trees.subsets")?.as_chunks::<4>().0,
            answers: state.f64s("trees.answers")?,
            width: state.meta("trees.width")?,
        })
    }

    /// The sums of all trees, `rows × targets`. `parts` says what the answer of a leaf of a tree adds to which target.
    fn sums(
        &self,
        graph: &mut Builder,
        features: &[Feature],
        targets: usize,
        parts: impl Fn(usize, &[f64]) -> Vec<(usize, f64)>,
    ) -> Result<Value, ExportError> {
        let mut nodes = Nodes::about(self.flags.len());
        let places = self.places();
        for (tree, &root) in self.roots.iter().enumerate() {
            self.write_tree(tree, root as usize, &places, &parts, &mut nodes)?;
        }
        let columns = self.columns(graph, features, &places);
        let unit = nodes.scale(self.roots.len());
        let sums = nodes.write(graph, columns, targets);
        let sums = graph.doubled(sums);
        Ok(if unit == 1.0 {
            sums
        } else {
            graph.with("Mul", sums, unit)
        })
    }

    /// Where each feature stands among those that are asked about.
    fn places(&self) -> Vec<Option<usize>> {
        let mut asked = vec![false; self.about.last().map_or(0, |last| last + 1)];
        let inner = self.flags.iter().zip(self.feature);
        for (_, &column) in inner.filter(|(flags, _)| **flags & LEAF == 0) {
            let feature = self.about.get(usize::from(column));
            if let Some(asked) = feature.and_then(|&feature| asked.get_mut(feature)) {
                *asked = true;
            }
        }
        let mut next = 0..;
        let place = |asked: bool| if asked { next.next() } else { None };
        asked.into_iter().map(place).collect()
    }

    /// The columns that are asked about side by side: numbers as they are, categories by their bins.
    fn columns(
        &self,
        graph: &mut Builder,
        features: &[Feature],
        places: &[Option<usize>],
    ) -> Value {
        let mut shown = Vec::new();
        for (at, (feature, place)) in features.iter().zip(places).enumerate() {
            let first = self.about.partition_point(|&about| about < at);
            let (Some(_), Some(bins)) = (place, self.bins.get(first)) else {
                continue;
            };
            shown.push(match (feature, bins) {
                (Feature::Number(value), _) => *value,
                (Feature::Code { value, levels }, bins) => {
                    let own: &[u8] = match bins {
                        Bins::Levels(own) => own,
                        Bins::Cuts(_) => &[],
                    };
                    let of_level = |level| match own.get(level) {
                        Some(&bin) if bin != question::MISSING => f64::from(bin),
                        _ => f64::NAN,
                    };
                    let table: Vec<f64> = (0..=*levels).map(of_level).collect();
                    let table = graph.doubles(&[table.len()], &table);
                    graph.gather(table, *value, 0)
                }
            });
        }
        if shown.is_empty() {
            return super::baseline::zeros(graph, features);
        }
        graph.side_by_side(&shown)
    }

    /// What [`chain`] makes of a question up to a bin that has a cut above it, which nearly all are, without looking at
    /// every bin.
    fn threshold(&self, at: usize) -> Option<Chain> {
        let flags = self.flags[at];
        let bins = self.bins.get(usize::from(self.feature[at]))?;
        let (Bins::Cuts(cuts), 0) = (bins, flags & SUBSET) else {
            return None;
        };
        let link = Link {
            at_most: *cuts.get(usize::from(self.bin[at]))?,
            yes_goes_left: true,
            missing_is_yes: flags & MISSING_LEFT != 0,
        };
        Some(Chain {
            links: vec![link],
            always: None,
        })
    }

    fn question(&self, at: usize) -> Result<Question<'a>, ExportError> {
        let wrong = || StateError("the trees do not fit together".to_owned());
        let bins = self.bins.get(usize::from(self.feature[at]));
        let (cuts, last) = match bins.ok_or_else(wrong)? {
            Bins::Cuts(cuts) => (Some(*cuts), cuts.len()),
            Bins::Levels(levels) => {
                let known = levels.iter().filter(|&&bin| bin != question::MISSING);
                (None, known.max().map_or(0, |&bin| usize::from(bin)))
            }
        };
        let flags = self.flags[at];
        let lefts = if flags & SUBSET != 0 {
            let number = self.subset_numbers.get(at).ok_or_else(wrong)?;
            *self.subsets.get(*number as usize).ok_or_else(wrong)?
        } else {
            question::up_to(self.bin[at], flags & MISSING_LEFT != 0)
        };
        Ok(Question { cuts, last, lefts })
    }

    fn write_tree(
        &self,
        tree: usize,
        root: usize,
        places: &[Option<usize>],
        parts: impl Fn(usize, &[f64]) -> Vec<(usize, f64)>,
        nodes: &mut Nodes,
    ) -> Result<(), ExportError> {
        let wrong = || StateError("the trees do not fit together".to_owned());
        let mut ids = Ids::default();
        let mut open = vec![(root, ids.next())];
        while let Some((mut at, id)) = open.pop() {
            // A question that all rows answer alike is passed over.
            let asked = loop {
                let flags = *self.flags.get(at).ok_or_else(wrong)?;
                if flags & LEAF != 0 {
                    break None;
                }
                let links = match self.threshold(at) {
                    Some(chain) => chain,
                    None => chain(&self.question(at)?),
                };
                let left = self.next[at] as usize;
                match links.always {
                    Some(goes_left) => at = left + usize::from(!goes_left),
                    None => break Some((links, left)),
                }
            };
            let Some((chain, left)) = asked else {
                let first = self.next[at] as usize * self.width;
                let answer = self.answers.get(first..first + self.width);
                nodes.leaf((tree, id), parts(tree, answer.ok_or_else(wrong)?));
                continue;
            };
            let about = self.about.get(usize::from(self.feature[at]));
            let place = about.and_then(|&about| places.get(about).copied().flatten());
            let [left_id, right_id] = [ids.next(), ids.next()];
            let child = |goes_left: bool| if goes_left { left_id } else { right_id };
            let mut own = id;
            for (number, link) in chain.links.iter().enumerate() {
                let otherwise = if number + 1 == chain.links.len() {
                    child(!link.yes_goes_left)
                } else {
                    ids.next()
                };
                nodes.inner(
                    (tree, own),
                    place.unwrap_or(0),
                    link,
                    (child(link.yes_goes_left), otherwise),
                );
                own = otherwise;
            }
            open.push((left + 1, right_id));
            open.push((left, left_id));
        }
        Ok(())
    }
}

#[derive(Default)]
struct Ids(i64);

impl Ids {
    fn next(&mut self) -> i64 {
        self.0 += 1;
        self.0 - 1
    }
}

/// The attributes of the operator while they grow.
#[derive(Default)]
struct Nodes {
    trees: Vec<i64>,
    ids: Vec<i64>,
    features: Vec<i64>,
    values: Vec<f64>,
    modes: Vec<Bytes>,
    yes: Vec<i64>,
    no: Vec<i64>,
    missing: Vec<i64>,
    leaf_trees: Vec<i64>,
    leaf_ids: Vec<i64>,
    leaf_targets: Vec<i64>,
    leaf_weights: Vec<f64>,
}

impl Nodes {
    /// With room for so many nodes, half of them leaves: lists that grow hold what they had and twice as much.
    fn about(count: usize) -> Self {
        let (all, leaves) = (
            || Vec::with_capacity(count),
            || Vec::with_capacity(count / 2 + 1),
        );
        Self {
            trees: all(),
            ids: all(),
            features: all(),
            values: Vec::with_capacity(count),
            modes: Vec::with_capacity(count),
            yes: all(),
            no: all(),
            missing: all(),
            leaf_trees: leaves(),
            leaf_ids: leaves(),
            leaf_targets: leaves(),
            leaf_weights: Vec::with_capacity(count / 2 + 1),
        }
    }

    fn inner(
        &mut self,
        (tree, id): (usize, i64),
        feature: usize,
        link: &Link,
        (yes, no): (i64, i64),
    ) {
        self.push(tree, id, "BRANCH_LEQ");
        self.features.push(feature as i64);
        self.values.push(link.at_most);
        self.yes.push(yes);
        self.no.push(no);
        self.missing.push(i64::from(link.missing_is_yes));
    }

    fn leaf(&mut self, (tree, id): (usize, i64), parts: Vec<(usize, f64)>) {
        self.push(tree, id, "LEAF");
        self.features.push(0);
        self.values.push(0.0);
        self.yes.push(0);
        self.no.push(0);
        self.missing.push(0);
        for (target, weight) in parts {
            self.leaf_trees.push(tree as i64);
            self.leaf_ids.push(id);
            self.leaf_targets.push(target as i64);
            self.leaf_weights.push(weight);
        }
    }

    fn push(&mut self, tree: usize, id: i64, mode: &'static str) {
        self.trees.push(tree as i64);
        self.ids.push(id);
        self.modes.push(Bytes::from_static(mode.as_bytes()));
    }

    /// Divides all weights so that no sum leaves the range of floats; gives back by what.
    fn scale(&mut self, trees: usize) -> f64 {
        let largest = self.leaf_weights.iter();
        let largest = largest.fold(0.0, |most: f64, weight| most.max(weight.abs()));
        let sum = largest * trees as f64;
        if sum == 0.0 || (1.0 / LARGEST_SUM..=LARGEST_SUM).contains(&sum) {
            return 1.0;
        }
        // A power of two takes nothing off the digits.
        let unit = largest.log2().floor().exp2();
        self.leaf_weights
            .iter_mut()
            .for_each(|weight| *weight /= unit);
        unit
    }

    fn write(self, graph: &mut Builder, columns: Value, targets: usize) -> Value {
        let mut settings = vec![
            ("n_targets", Setting::Int(targets as i64)),
            ("aggregate_function", Setting::Text("SUM")),
            ("post_transform", Setting::Text("NONE")),
            ("nodes_treeids", Setting::Ints(self.trees)),
            ("nodes_nodeids", Setting::Ints(self.ids)),
            ("nodes_featureids", Setting::Ints(self.features)),
            ("nodes_values_as_tensor", Setting::Doubles(self.values)),
            ("nodes_modes", Setting::Modes(self.modes)),
            ("nodes_truenodeids", Setting::Ints(self.yes)),
            ("nodes_falsenodeids", Setting::Ints(self.no)),
            ("target_treeids", Setting::Ints(self.leaf_trees)),
            ("target_nodeids", Setting::Ints(self.leaf_ids)),
            ("target_ids", Setting::Ints(self.leaf_targets)),
            (
                "target_weights_as_tensor",
                Setting::Doubles(self.leaf_weights),
            ),
        ];
        if self.missing.contains(&1) {
            let missing = Setting::Ints(self.missing);
            settings.push(("nodes_missing_value_tracks_true", missing));
        }
        graph.ml("TreeEnsembleRegressor", &[columns], settings)
    }
}
