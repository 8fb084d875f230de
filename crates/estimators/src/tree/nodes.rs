//! Grown trees in one piece of memory, and how they answer.

use super::binning::MISSING_BIN;
use super::sapling::{Question, Tree, TreeNode};
use crate::explain::covers::Covers;
use crate::kernels::prefetch::prefetch_one;
use crate::{Array, State, StateError};

const LEAF: u8 = 1;
const MISSING_LEFT: u8 = 2;
const SUBSET: u8 = 4;

/// Rows that walk down a tree at the same time, so that one waits for memory while others go on.
const WALKERS: usize = 8;
/// Trees that one row walks down at the same time, for the same reason: a node is asked for a round before it is read.
const TREES: usize = 128;

/// Eight bytes a node. Children stand next to each other, left first, always after their parent. A leaf leads to itself,
/// whatever the bin, so that walkers of different lengths can go in step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Node {
    /// First child.
    next: u32,
    feature: u16,
    bin: u8,
    flags: u8,
}

impl Node {
    fn leaf(place: u32) -> Self {
        Self {
            next: place,
            feature: 0,
            bin: MISSING_BIN,
            flags: LEAF,
        }
    }
}

/// Trees over binned columns. Answers have `width` numbers each.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Forest {
    nodes: Vec<Node>,
    /// The number of a leaf's answer or of a subset node's bins; 0 elsewhere.
    extras: Vec<u32>,
    /// First node of each tree.
    roots: Vec<u32>,
    /// Bins that go left at subset nodes.
    subsets: Vec<[u64; 4]>,
    answers: Vec<f64>,
    /// Rows at each leaf; `None` when they were not counted.
    covers: Option<Covers>,
    width: usize,
    features: usize,
}

/// A node as explanation sees it.
pub(crate) enum Place<'a> {
    /// Answers.
    Leaf(&'a [f64]),
    /// Asks about a feature; the right child follows the left one.
    Inner { feature: usize, left: usize },
}

impl Forest {
    /// Room for trees over this many columns with answers of this many numbers.
    pub(crate) fn new(features: usize, width: usize) -> Self {
        let mut forest = Self {
            covers: Some(Covers::default()),
            features,
            width,
            ..Self::default()
        };
        // Pure answers are shared by all leaves of a class.
        if width > 1 {
            for class in 0..width {
                forest
                    .answers
                    .extend((0..width).map(|other| f64::from(u8::from(class == other))));
            }
        }
        forest
    }

    /// Adds a grown tree.
    pub(crate) fn push(&mut self, tree: &Tree) {
        let base = self.nodes.len() as u32;
        self.roots.push(base);
        self.nodes.reserve(tree.nodes.len());
        self.extras.reserve(tree.nodes.len());
        for (index, node) in tree.nodes.iter().enumerate() {
            let (packed, extra) = match *node {
                TreeNode::Leaf(leaf) => {
                    let first = leaf as usize * self.width;
                    let extra = self.answer(&tree.answers[first..first + self.width]);
                    (Node::leaf(base + index as u32), extra)
                }
                TreeNode::Waiting => (Node::leaf(base + index as u32), self.answer(&[])),
                TreeNode::Inner {
                    feature,
                    question,
                    left,
                } => {
                    let (bin, flags, extra) = match question {
                        Question::Threshold { bin, missing_left } => {
                            (bin, if missing_left { MISSING_LEFT } else { 0 }, 0)
                        }
                        Question::Subset(number) => {
                            self.subsets.push(tree.subsets[number as usize]);
                            (0, SUBSET, self.subsets.len() as u32 - 1)
                        }
                    };
                    let inner = Node {
                        next: base + left,
                        feature: feature as u16,
                        bin,
                        flags,
                    };
                    (inner, extra)
                }
            };
            self.nodes.push(packed);
            self.extras.push(extra);
        }
        match &mut self.covers {
            Some(covers) if tree.covers.len() == tree.leaves => {
                let leaves = tree.nodes.iter().filter_map(|node| match node {
                    TreeNode::Leaf(leaf) => {
                        Some(tree.covers.get(*leaf as usize).copied().unwrap_or(1))
                    }
                    TreeNode::Waiting => Some(1),
                    TreeNode::Inner { .. } => None,
                });
                covers.push(leaves.map(|rows| rows.max(1)));
            }
            _ => self.covers = None,
        }
    }

    /// Whether it is known how many rows came to each leaf.
    pub(crate) fn is_counted(&self) -> bool {
        self.covers.is_some()
    }

    /// Rows at the leaves of a tree, in the order of their nodes; nothing when they were not counted.
    pub(crate) fn rows_at_leaves(&self, tree: usize) -> impl Iterator<Item = u32> {
        self.covers.iter().flat_map(move |covers| covers.of(tree))
    }

    /// The nodes of a tree, its root first; children come after their parents.
    pub(crate) fn nodes_of(&self, tree: usize) -> std::ops::Range<usize> {
        let end = self.nodes.len();
        let start = |tree: usize| self.roots.get(tree).map_or(end, |&root| root as usize);
        start(tree)..start(tree + 1)
    }

    /// What stands at a node.
    #[inline(always)]
    pub(crate) fn place(&self, at: usize) -> Place<'_> {
        let node = self.nodes[at];
        if node.flags & LEAF != 0 {
            Place::Leaf(&self.answers[self.extras[at] as usize * self.width..][..self.width])
        } else {
            Place::Inner {
                feature: node.feature as usize,
                left: node.next as usize,
            }
        }
    }

    fn answer(&mut self, answer: &[f64]) -> u32 {
        if self.width > 1
            && let Some(class) = answer.iter().position(|&share| share == 1.0)
        {
            return class as u32;
        }
        self.answers.extend_from_slice(answer);
        (self.answers.len() / self.width - 1) as u32
    }

    /// Number of trees.
    pub(crate) fn trees(&self) -> usize {
        self.roots.len()
    }

    /// Numbers in one answer.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Number of columns.
    pub(crate) fn features(&self) -> usize {
        self.features
    }

    /// Adds the answers of all trees, in tree order, for rows that are binned row by row.
    pub(crate) fn add_answers(&self, bins: &[u8], sums: &mut [f64]) {
        let (features, width) = (self.features.max(1), self.width);
        if bins.len() < features * WALKERS {
            let rows = bins.chunks_exact(features);
            rows.zip(sums.chunks_exact_mut(width))
                .for_each(|(row, sums)| self.add_answers_of_row(row, sums));
            return;
        }
        for tree in 0..self.roots.len() {
            self.add_answers_of_tree(tree, bins, sums);
        }
    }

    /// Adds the answers of all trees, in tree order, for one row: a step in each tree in turn, so that the next node of
    /// one comes from memory while the others are at it.
    fn add_answers_of_row(&self, row: &[u8], sums: &mut [f64]) {
        for roots in self.roots.chunks(TREES) {
            let mut places = [0_u32; TREES];
            let places = &mut places[..roots.len()];
            places.copy_from_slice(roots);
            // Trees whose leaf has not been reached, rising.
            let mut walking: [usize; TREES] = std::array::from_fn(|tree| tree);
            let mut count = roots.len();
            while count > 0 {
                let mut kept = 0;
                for index in 0..count {
                    let tree = walking[index];
                    let at = places[tree] as usize;
                    let next = self.step(at, row);
                    prefetch_one(&self.nodes[next]);
                    places[tree] = next as u32;
                    walking[kept] = tree;
                    kept += usize::from(next != at);
                }
                count = kept;
            }
            for leaf in places.iter_mut() {
                *leaf = self.extras[*leaf as usize];
                prefetch_one(&self.answers[*leaf as usize * self.width]);
            }
            for &answer in places.iter() {
                self.add_answer(answer, sums);
            }
        }
    }

    /// Adds the answer of this number.
    #[inline(always)]
    fn add_answer(&self, number: u32, sums: &mut [f64]) {
        let first = number as usize * self.width;
        sums.iter_mut()
            .zip(&self.answers[first..first + self.width])
            .for_each(|(sum, value)| *sum += value);
    }

    /// Adds the answers of one tree.
    pub(crate) fn add_answers_of_tree(&self, tree: usize, bins: &[u8], sums: &mut [f64]) {
        let (features, width) = (self.features.max(1), self.width);
        let root = self.roots[tree] as usize;
        let together = bins
            .chunks(features * WALKERS)
            .zip(sums.chunks_mut(width * WALKERS));
        for (bins, sums) in together {
            let mut at = [root; WALKERS];
            let mut walking = true;
            while walking {
                walking = false;
                for (at, row) in at.iter_mut().zip(bins.chunks_exact(features)) {
                    let next = self.step(*at, row);
                    walking |= next != *at;
                    *at = next;
                }
            }
            for (&at, sums) in at.iter().zip(sums.chunks_exact_mut(width)) {
                self.add_answer(self.extras[at], sums);
            }
        }
    }

    /// The node that a row of bins goes on to; a leaf is followed by itself.
    #[inline(always)]
    pub(crate) fn step(&self, at: usize, row: &[u8]) -> usize {
        self.follow(at, |feature| row[feature])
    }

    #[inline(always)]
    fn follow(&self, at: usize, bin_of: impl Fn(usize) -> u8) -> usize {
        let node = self.nodes[at];
        let bin = bin_of(node.feature as usize);
        let right = if node.flags & SUBSET != 0 {
            let bits = &self.subsets[self.extras[at] as usize];
            bits[bin as usize >> 6] >> (bin & 63) & 1 == 0
        } else {
            (bin > node.bin) & !((bin == MISSING_BIN) & (node.flags & MISSING_LEFT != 0))
        };
        node.next as usize + usize::from(right)
    }

    /// Writes the trees down.
    pub(crate) fn save(&self) -> State {
        let field = |read: fn(&Node) -> u8| Array::U8(self.nodes.iter().map(read).collect());
        let covers = self.covers.as_ref().map(|covers| covers.bytes().to_vec());
        State::default()
            .with_added("covers", covers.map(Array::U8))
            .with(
                "next",
                Array::U32(self.nodes.iter().map(|node| node.next).collect()),
            )
            .with(
                "feature",
                Array::U16(self.nodes.iter().map(|node| node.feature).collect()),
            )
            .with("bin", field(|node| node.bin))
            .with("flags", field(|node| node.flags))
            .with("roots", Array::U32(self.roots.clone()))
            .with("extras", Array::U32(self.extras.clone()))
            .with(
                "subsets",
                Array::U64(self.subsets.iter().flatten().copied().collect()),
            )
            .with("answers", Array::F64(self.answers.clone()))
            .with_meta("width", self.width)
            .with_meta("features", self.features)
    }

    /// Reads what [`save`](Self::save) wrote; every index is checked, and children only ever follow their parents, so
    /// that no walk leaves the memory or runs in a circle.
    pub(crate) fn load(state: &State) -> Result<Self, StateError> {
        let wrong = |what: &str| StateError(format!("the trees do not fit together ({what})"));
        let (next, feature) = (state.u32s("next")?, state.u16s("feature")?);
        let (bin, flags) = (state.u8s("bin")?, state.u8s("flags")?);
        let width: usize = state.meta("width")?;
        let features: usize = state.meta("features")?;
        let answers = state.f64s("answers")?.to_vec();
        let roots = state.u32s("roots")?.to_vec();
        let extras = state.u32s("extras")?.to_vec();
        let subsets: Vec<[u64; 4]> = state.u64s("subsets")?.as_chunks::<4>().0.to_vec();
        let count = next.len();
        if [feature.len(), bin.len(), flags.len(), extras.len()] != [count; 4]
            || features == 0
            || width == 0
            || !answers.len().is_multiple_of(width)
        {
            return Err(wrong("sizes"));
        }
        if roots.is_empty()
            || roots.iter().any(|&root| root as usize >= count)
            || answers.iter().any(|answer| !answer.is_finite())
        {
            return Err(wrong("roots"));
        }
        let mut nodes = Vec::with_capacity(count);
        for index in 0..count {
            let node = Node {
                next: next[index],
                feature: feature[index],
                bin: bin[index],
                flags: flags[index],
            };
            let (target, extra) = (node.next as usize, extras[index] as usize);
            let fits = if node.flags & LEAF != 0 {
                // A leaf leads to itself and nowhere else.
                target == index
                    && node.flags == LEAF
                    && node.bin == MISSING_BIN
                    && node.feature == 0
                    && extra < answers.len() / width
            } else {
                target > index
                    && target + 1 < count
                    && (node.feature as usize) < features
                    && (node.flags & SUBSET == 0 || extra < subsets.len())
            };
            if !fits {
                return Err(wrong("nodes"));
            }
            nodes.push(node);
        }
        let mut forest = Self {
            nodes,
            extras,
            roots,
            subsets,
            answers,
            covers: None,
            width,
            features,
        };
        if state.has_added("covers")? {
            let leaves = forest.leaves().ok_or_else(|| wrong("branches"))?;
            let covers = Covers::read(state.u8s("covers")?, leaves.into_iter());
            forest.covers = Some(covers.ok_or_else(|| wrong("rows"))?);
        }
        Ok(forest)
    }

    /// Leaves of each tree; `None` when nodes are not trees that stand one after the other, each node but a root having
    /// one parent. (A walk from root to leaf needs no more than children after parents; a walk over all branches does.)
    fn leaves(&self) -> Option<Vec<usize>> {
        if self.roots.first() != Some(&0) || self.roots.windows(2).any(|pair| pair[0] >= pair[1]) {
            return None;
        }
        let mut has_parent = vec![false; self.nodes.len()];
        let mut counts = Vec::with_capacity(self.roots.len());
        for tree in 0..self.trees() {
            let nodes = self.nodes_of(tree);
            let mut leaves = 0;
            for at in nodes.clone() {
                if at != nodes.start && !has_parent[at] {
                    return None;
                }
                if let Place::Inner { left, .. } = self.place(at) {
                    for child in [left, left + 1] {
                        if !nodes.contains(&child)
                            || std::mem::replace(&mut has_parent[child], true)
                        {
                            return None;
                        }
                    }
                } else {
                    leaves += 1;
                }
            }
            counts.push(leaves);
        }
        Some(counts)
    }
}
