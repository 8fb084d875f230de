//! Trees as people look at them: which column each question is about, in its own units, and what the leaves answer.
//!
//! What it may touch: fitted trees and the preparation before them. Only the uppermost levels are drawn; what lies below
//! is summed up where a branch is cut.

mod condition;

pub use condition::Condition;

use crate::preparation::meaning::Meaning;
use crate::tree::binning::{Binner, ColumnBins};
use crate::tree::fitted::Centre;
use crate::tree::nodes::{Forest, Place};
use condition::{ALL_BINS, BinSet, condition};
use serde::Serialize;
use std::collections::BTreeMap;

/// Rules told, at most.
const MOST_RULES: usize = 64;

/// Fitted trees, and what their answers are.
#[derive(Clone, Copy)]
pub struct TreeSet<'a> {
    pub(crate) binner: &'a Binner,
    pub(crate) forest: &'a Forest,
    pub(crate) answers: Answers,
}

/// What a leaf's numbers are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Answers {
    /// Shares of the classes.
    Shares,
    /// A number less what trees do not see.
    Values(Centre),
    /// What a tree adds to the score of an output before scores become answers; trees take turns among so many outputs.
    /// Scores of numbers are in units of `scale`.
    Scores { outputs: usize, scale: f64 },
}

/// The upper part of a tree.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Diagram {
    /// Which tree, from 0.
    pub tree: usize,
    /// How many there are.
    pub trees: usize,
    /// `shares`, `value` or `score`: what answers are.
    pub answers: &'static str,
    /// The output that a boosted tree adds to, where several take turns or a single one is the second class.
    pub output: Option<usize>,
    /// The root first, children after their parents.
    pub nodes: Vec<DiagramNode>,
    /// How each end is reached, those of most rows first.
    pub rules: Vec<DiagramRule>,
    /// Ends without a rule here.
    pub more_rules: usize,
}

/// A place in a tree.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DiagramNode {
    /// Its position among the nodes.
    pub id: usize,
    /// Where it hangs; `None` for the root.
    pub parent: Option<usize>,
    /// Questions before it.
    pub depth: usize,
    /// What leads here from the parent.
    pub condition: Option<Condition>,
    /// The column that is asked about next.
    pub column: Option<String>,
    /// Where the column's numbers are parted, if that is one place.
    pub threshold: Option<f64>,
    /// Where empty cells go: `left` or `right`.
    pub missing: Option<&'static str>,
    /// The left and the right child.
    pub children: Option<[usize; 2]>,
    /// Rows that came here while the tree grew, as often as they were drawn; `None` when they were not counted.
    pub rows: Option<u64>,
    /// What it answers; above leaves their mean, each as often as it has rows.
    pub answer: Option<Vec<f64>>,
    /// Whether it asks on and is not followed.
    pub cut: bool,
}

/// How an end is reached.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DiagramRule {
    /// The end.
    pub node: usize,
    /// One condition a column; all have to be met.
    pub conditions: Vec<Condition>,
    /// The conditions as one sentence's part.
    pub text: String,
    /// As at the node.
    pub rows: Option<u64>,
    /// As at the node.
    pub answer: Option<Vec<f64>>,
}

impl TreeSet<'_> {
    /// Draws a tree down to a depth; `None` when there is no such tree, or features have no meaning. `labels` names
    /// a boolean column's no and yes.
    pub(crate) fn draw(
        &self,
        (tree, depth): (usize, usize),
        meanings: &[Meaning<'_>],
        labels: &dyn Fn(&str) -> Option<[String; 2]>,
    ) -> Option<Diagram> {
        let known = tree < self.forest.trees() && meanings.len() == self.binner.features();
        if !known || !self.forest.stands_in_order() {
            return None;
        }
        let mut drawing = Drawing {
            set: self,
            meanings,
            labels,
            nodes: Vec::new(),
            paths: Vec::new(),
        };
        let shown = drawing.shown(tree, depth);
        drawing.sum_up(tree, &shown);
        let (rules, more_rules) = drawing.rules();
        let (answers, output) = match self.answers {
            Answers::Shares => ("shares", None),
            Answers::Values(_) => ("value", None),
            Answers::Scores { outputs, .. } => ("score", Some(tree % outputs.max(1))),
        };
        Some(Diagram {
            tree,
            trees: self.forest.trees(),
            answers,
            output,
            nodes: drawing.nodes,
            rules,
            more_rules,
        })
    }

    /// A leaf's numbers, or a mean of some, as people read them.
    fn in_own_units(&self, answer: &mut [f64]) {
        match self.answers {
            Answers::Shares => {}
            Answers::Values(centre) => answer
                .iter_mut()
                .for_each(|value| *value = centre.put_back(*value)),
            Answers::Scores { scale, .. } => answer.iter_mut().for_each(|value| *value *= scale),
        }
    }
}

struct Drawing<'a> {
    set: &'a TreeSet<'a>,
    meanings: &'a [Meaning<'a>],
    labels: &'a dyn Fn(&str) -> Option<[String; 2]>,
    nodes: Vec<DiagramNode>,
    /// The bins of each column that lead to each node.
    paths: Vec<BTreeMap<usize, BinSet>>,
}

impl Drawing<'_> {
    /// Puts down the nodes that are shown; gives the node of the forest behind each.
    fn shown(&mut self, tree: usize, depth: usize) -> Vec<usize> {
        let forest = self.set.forest;
        let mut behind = vec![forest.nodes_of(tree).start];
        self.add(None, 0, None, BTreeMap::new());
        let mut id = 0;
        while let Some(&at) = behind.get(id) {
            let Place::Inner { column, left } = forest.place(at) else {
                id += 1;
                continue;
            };
            let own_depth = self.nodes[id].depth;
            if own_depth >= depth {
                self.nodes[id].cut = true;
                id += 1;
                continue;
            }
            let lefts = forest.lefts(at);
            let sides = [lefts, lefts.map(|bits| !bits)];
            let first = behind.len();
            for (side, set) in sides.into_iter().enumerate() {
                let mut path = self.paths[id].clone();
                let whole = path.entry(column).or_insert(ALL_BINS);
                whole
                    .iter_mut()
                    .zip(set)
                    .for_each(|(bits, own)| *bits &= own);
                let condition = self.condition(&[(column, &set)]);
                self.add(Some(id), own_depth + 1, Some(condition), path);
                behind.push(left + side);
            }
            let asked = self.nodes[first].condition.clone();
            let node = &mut self.nodes[id];
            node.children = Some([first, first + 1]);
            node.column = asked.as_ref().map(|asked| asked.column.clone());
            node.threshold = asked.as_ref().and_then(|asked| {
                let ranges = asked.ranges.as_deref()?;
                match ranges {
                    [[None, Some(high)]] => Some(*high),
                    [[Some(low), None]] => Some(*low),
                    _ => None,
                }
            });
            let missing_left = asked.is_some_and(|asked| asked.missing);
            node.missing = Some(if missing_left { "left" } else { "right" });
            id += 1;
        }
        behind
    }

    fn add(
        &mut self,
        parent: Option<usize>,
        depth: usize,
        condition: Option<Condition>,
        path: BTreeMap<usize, BinSet>,
    ) {
        self.nodes.push(DiagramNode {
            id: self.nodes.len(),
            parent,
            depth,
            condition,
            column: None,
            threshold: None,
            missing: None,
            children: None,
            rows: None,
            answer: None,
            cut: false,
        });
        self.paths.push(path);
    }

    /// Of sets of bins of neighbouring columns, which are about one feature.
    fn condition(&self, sets: &[(usize, &BinSet)]) -> Condition {
        let binner = self.set.binner;
        let feature = sets
            .first()
            .map_or(0, |(column, _)| binner.feature_of(*column));
        let meaning = &self.meanings[feature];
        let labels = (self.labels)(meaning.column);
        let labels = match &labels {
            Some([no, yes]) => [no.as_str(), yes.as_str()],
            None => ["false", "true"],
        };
        let bins = |&(column, set): &(usize, &BinSet)| (binner.column(column), *set);
        let sets: Vec<(&ColumnBins, BinSet)> = sets.iter().map(bins).collect();
        condition(meaning, &sets, labels)
    }

    /// Rows and answers: those of leaves that are not shown go to the end above them, those of ends to all above.
    fn sum_up(&mut self, tree: usize, behind: &[usize]) {
        let forest = self.set.forest;
        let nodes = forest.nodes_of(tree);
        let start = nodes.start;
        let mut end_of: Vec<Option<u32>> = vec![None; nodes.len()];
        for (id, &at) in behind.iter().enumerate() {
            end_of[at - start] = Some(id as u32);
        }
        let counted = forest.is_counted();
        let mut covers = forest.rows_at_leaves(tree);
        let mut rows = vec![0_u64; self.nodes.len()];
        let mut sums = vec![vec![0.0; forest.width()]; self.nodes.len()];
        for at in nodes {
            let end = end_of[at - start];
            match forest.place(at) {
                Place::Inner { left, .. } => {
                    for child in [left, left + 1] {
                        let below = &mut end_of[child - start];
                        *below = below.or(end);
                    }
                }
                Place::Leaf(answer) => {
                    let own = u64::from(covers.next().unwrap_or(1));
                    let Some(id) = end.map(|id| id as usize) else {
                        continue;
                    };
                    rows[id] += own;
                    let summed = sums[id].iter_mut().zip(answer);
                    summed.for_each(|(sum, answer)| *sum += answer * own as f64);
                }
            }
        }
        for id in (1..self.nodes.len()).rev() {
            if let Some(parent) = self.nodes[id].parent {
                rows[parent] += rows[id];
                let own = std::mem::take(&mut sums[id]);
                let above = sums[parent].iter_mut().zip(&own);
                above.for_each(|(sum, own)| *sum += own);
                sums[id] = own;
            }
        }
        for ((node, mut answer), rows) in self.nodes.iter_mut().zip(sums).zip(rows) {
            let is_leaf = node.children.is_none() && !node.cut;
            if !counted && !is_leaf {
                continue;
            }
            answer.iter_mut().for_each(|sum| *sum /= rows.max(1) as f64);
            self.set.in_own_units(&mut answer);
            node.answer = Some(answer);
            node.rows = counted.then_some(rows);
        }
    }

    /// The ends with what leads to them, and how many more there are.
    fn rules(&self) -> (Vec<DiagramRule>, usize) {
        let mut ends: Vec<&DiagramNode> = self
            .nodes
            .iter()
            .filter(|node| node.children.is_none())
            .collect();
        ends.sort_by_key(|node| (std::cmp::Reverse(node.rows), node.id));
        let more = ends.len().saturating_sub(MOST_RULES);
        ends.truncate(MOST_RULES);
        let rule = |node: &DiagramNode| {
            let path = self.paths[node.id].iter();
            let path: Vec<(usize, &BinSet)> = path.map(|(&column, set)| (column, set)).collect();
            let feature = |asked: &(usize, &BinSet)| self.set.binner.feature_of(asked.0);
            let of_one = path.chunk_by(|one, other| feature(one) == feature(other));
            let conditions: Vec<Condition> = of_one.map(|sets| self.condition(sets)).collect();
            let text: Vec<&str> = conditions.iter().map(|own| own.text.as_str()).collect();
            DiagramRule {
                node: node.id,
                text: text.join(" and "),
                conditions,
                rows: node.rows,
                answer: node.answer.clone(),
            }
        };
        (ends.into_iter().map(rule).collect(), more)
    }
}

/// The bins up to one, and perhaps that of missing values. Nothing is greater than that.
pub(crate) fn up_to(last: u8, missing: bool) -> BinSet {
    let mut lefts = [0; 4];
    for bin in 0..=u8::MAX {
        if bin <= last || (missing && bin == u8::MAX) {
            lefts[usize::from(bin >> 6)] |= 1 << (bin & 63);
        }
    }
    lefts
}
