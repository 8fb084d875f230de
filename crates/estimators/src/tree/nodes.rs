//! Grown trees in one piece of memory. How they answer is in `answering`.

mod abreast;
mod answering;
mod block;
mod crown;
mod descent;
mod sets;

use super::binning::MISSING_BIN;
use super::sapling::{Question, Tree, TreeNode};
use crate::diagram::up_to;
use crate::explain::covers::Covers;
use crate::kernels::pages;
use crate::{Array, State, StateError};
use sets::{Lefts, Sets};

pub(crate) use block::{Block, MOST_ROWS, rows_together};

/// Their numbers have 16 bits.
const MOST_COLUMNS: usize = 1 << 16;

const LEAF: u8 = 1;
const MISSING_LEFT: u8 = 2;
/// Some bins go left, whatever their order.
const SUBSET: u8 = 4;
/// Of these, those that have no column of their own.
const OPEN: u8 = 8;

/// Eight bytes a node, read at once. Children stand next to each other, left first, always after their parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
struct Node(u64);

impl Node {
    // What is read first takes fewest steps to read: the column lies lowest, whole words and bytes at the upper ends.
    const FLAGS: u32 = 16;
    const BIN: u32 = 24;
    const NEXT: u32 = 32;

    fn new(next: u32, column: u16, bin: u8, flags: u8) -> Self {
        Self(
            u64::from(column)
                | u64::from(flags) << Self::FLAGS
                | u64::from(bin) << Self::BIN
                | u64::from(next) << Self::NEXT,
        )
    }

    /// No bin is greater: the question leads left.
    fn leaf(answer: u32) -> Self {
        Self::new(answer, 0, MISSING_BIN, LEAF)
    }

    /// First child; the number of a leaf's answer.
    #[inline(always)]
    fn next(self) -> u32 {
        (self.0 >> Self::NEXT) as u32
    }

    #[inline(always)]
    fn column(self) -> u16 {
        self.0 as u16
    }

    #[inline(always)]
    fn bin(self) -> u8 {
        (self.0 as u32 >> Self::BIN) as u8
    }

    #[inline(always)]
    fn flags(self) -> u8 {
        (self.0 >> Self::FLAGS) as u8
    }

    /// Added to a bin before it is compared, round the circle: 1 where what is missing comes first.
    #[inline(always)]
    fn turn(self) -> u8 {
        (self.flags() / MISSING_LEFT) & 1
    }

    #[inline(always)]
    fn is_leaf(self) -> bool {
        self.flags() & LEAF != 0
    }
}

/// Trees over binned columns. Answers have `width` numbers each.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Forest {
    nodes: Vec<Node>,
    /// The number of the subset that each node asks about, 0 elsewhere; none at all where no node asks about one.
    subset_numbers: Vec<u32>,
    /// First node of each tree.
    roots: Vec<u32>,
    /// Bins that go left at subset nodes.
    subsets: Vec<Lefts>,
    /// Those with columns of their own: the nodes ask about these.
    sets: Sets,
    answers: Vec<f64>,
    /// Rows at each leaf; `None` when they were not counted.
    covers: Option<Covers>,
    width: usize,
    columns: usize,
    /// Whether a node sends what is missing left.
    sends_missing_left: bool,
    /// Whether a node asks about a subset that has no column of its own.
    has_open_subsets: bool,
}

/// A node as explanation sees it.
pub(crate) enum Place<'a> {
    /// Answers.
    Leaf(&'a [f64]),
    /// Asks about a column of bins; the right child follows the left one.
    Inner { column: usize, left: usize },
}

impl Forest {
    /// Room for trees over this many columns with answers of this many numbers.
    pub(crate) fn new(columns: usize, width: usize) -> Self {
        let mut forest = Self {
            covers: Some(Covers::default()),
            columns,
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

    /// Room for so many nodes more.
    pub(crate) fn make_room(&mut self, nodes: usize) {
        self.nodes.reserve_exact(nodes);
        pages::advise(self.nodes.spare_capacity_mut());
    }

    /// Adds a grown tree.
    pub(crate) fn push(&mut self, tree: &Tree) {
        let base = self.nodes.len() as u32;
        self.roots.push(base);
        self.nodes.reserve(tree.nodes.len());
        for (index, node) in tree.nodes.iter().enumerate() {
            let packed = match *node {
                TreeNode::Leaf(leaf) => {
                    let first = leaf as usize * self.width;
                    Node::leaf(self.answer(&tree.answers[first..first + self.width]))
                }
                TreeNode::Waiting => Node::leaf(self.answer(&[])),
                TreeNode::Inner {
                    column,
                    question,
                    left,
                } => {
                    let (bin, flags) = match question {
                        Question::Threshold { bin, missing_left } => {
                            self.sends_missing_left |= missing_left;
                            (bin, if missing_left { MISSING_LEFT } else { 0 })
                        }
                        Question::Subset(number) => {
                            self.ask_about(base as usize + index, tree.subsets[number as usize]);
                            (0, SUBSET)
                        }
                    };
                    Node::new(base + left, column as u16, bin, flags)
                }
            };
            self.nodes.push(packed);
        }
        if !self.subsets.is_empty() {
            self.subset_numbers.resize(self.nodes.len(), 0);
            self.give_columns(base as usize);
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

    /// Lets the nodes from this one on ask about columns of their subsets, as long as there is room for such.
    fn give_columns(&mut self, from: usize) {
        for at in from..self.nodes.len() {
            let node = self.nodes[at];
            if node.flags() & SUBSET == 0 {
                continue;
            }
            let lefts = self.subsets[self.subset_numbers[at] as usize];
            let number = self.sets.number(node.column(), lefts);
            let own = number.and_then(|number| u16::try_from(self.columns + number as usize).ok());
            self.nodes[at] = match own {
                Some(own) => Node::new(node.next(), own, 0, SUBSET),
                None => Node::new(node.next(), node.column(), 0, SUBSET | OPEN),
            };
            self.has_open_subsets |= own.is_none();
        }
    }

    /// The column of bins that an inner node asks about, be it by a column of a subset.
    #[inline(always)]
    fn column_of(&self, node: Node) -> u16 {
        match usize::from(node.column()).checked_sub(self.columns) {
            Some(number) => self.sets.column(number),
            None => node.column(),
        }
    }

    /// Columns that nodes ask about: those of bins, and behind them those of subsets.
    pub(crate) fn asked_columns(&self) -> usize {
        self.columns + self.sets.len()
    }

    /// Keeps the subset that a node asks about.
    fn ask_about(&mut self, node: usize, subset: Lefts) {
        self.subset_numbers.resize(node, 0);
        self.subset_numbers.push(self.subsets.len() as u32);
        self.subsets.push(subset);
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
        if node.is_leaf() {
            Place::Leaf(&self.answers[node.next() as usize * self.width..][..self.width])
        } else {
            Place::Inner {
                column: self.column_of(node).into(),
                left: node.next() as usize,
            }
        }
    }

    /// The bins that an inner node sends left.
    pub(crate) fn lefts(&self, at: usize) -> Lefts {
        let node = self.nodes[at];
        if node.flags() & SUBSET != 0 {
            self.subsets[self.subset_numbers[at] as usize]
        } else {
            up_to(node.bin(), node.flags() & MISSING_LEFT != 0)
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

    /// Number of columns of bins.
    pub(crate) fn columns(&self) -> usize {
        self.columns
    }

    /// Writes the trees down.
    pub(crate) fn save(&self) -> State {
        let field =
            |read: fn(Node) -> u8| Array::U8(self.nodes.iter().map(|&node| read(node)).collect());
        let covers = self.covers.as_ref().map(|covers| covers.bytes().to_vec());
        State::default()
            .with_added("covers", covers.map(Array::U8))
            .with(
                "next",
                Array::U32(self.nodes.iter().map(|node| node.next()).collect()),
            )
            .with(
                "feature",
                Array::U16(
                    self.nodes
                        .iter()
                        .map(|&node| self.column_of(node))
                        .collect(),
                ),
            )
            .with("bin", field(Node::bin))
            .with("flags", field(|node| node.flags() & !OPEN))
            .with("roots", Array::U32(self.roots.clone()))
            .with("subset_numbers", Array::U32(self.subset_numbers.clone()))
            .with(
                "subsets",
                Array::U64(self.subsets.iter().flatten().copied().collect()),
            )
            .with("answers", Array::F64(self.answers.clone()))
            .with_meta("width", self.width)
            .with_meta("features", self.columns)
    }

    /// Reads what [`save`](Self::save) wrote; every index is checked, and children only ever follow their parents, so
    /// that no walk leaves the memory or runs in a circle.
    pub(crate) fn load(state: &State) -> Result<Self, StateError> {
        let wrong = |what: &str| StateError(format!("the trees do not fit together ({what})"));
        let (next, column) = (state.u32s("next")?, state.u16s("feature")?);
        let (bin, flags) = (state.u8s("bin")?, state.u8s("flags")?);
        let width: usize = state.meta("width")?;
        let columns: usize = state.meta("features")?;
        let answers = state.f64s("answers")?.to_vec();
        let roots = state.u32s("roots")?.to_vec();
        let subset_numbers = state.u32s("subset_numbers")?.to_vec();
        let subsets: Vec<Lefts> = state.u64s("subsets")?.as_chunks::<4>().0.to_vec();
        let count = next.len();
        if [column.len(), bin.len(), flags.len()] != [count; 3]
            || ![0, count].contains(&subset_numbers.len())
            || !(1..=MOST_COLUMNS).contains(&columns)
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
        let mut nodes = pages::room(count);
        for index in 0..count {
            let node = Node::new(next[index], column[index], bin[index], flags[index]);
            let target = node.next() as usize;
            let asks_about_subset = node.flags() & SUBSET != 0;
            let subset = subset_numbers.get(index).map(|&number| number as usize);
            let fits = if node.is_leaf() {
                node == Node::leaf(node.next()) && target < answers.len() / width
            } else {
                node.flags() & !(MISSING_LEFT | SUBSET) == 0
                    && target > index
                    && target + 1 < count
                    && usize::from(node.column()) < columns
                    && (!asks_about_subset || subset.is_some_and(|number| number < subsets.len()))
            };
            if !fits {
                return Err(wrong("nodes"));
            }
            nodes.push(node);
        }
        let mut forest = Self {
            sends_missing_left: flags.iter().any(|flags| flags & MISSING_LEFT != 0),
            nodes,
            subset_numbers,
            roots,
            subsets,
            sets: Sets::default(),
            has_open_subsets: false,
            answers,
            covers: None,
            width,
            columns,
        };
        forest.give_columns(0);
        if state.has_added("covers")? {
            let leaves = forest.leaves().ok_or_else(|| wrong("branches"))?;
            let covers = Covers::read(state.u8s("covers")?, leaves.into_iter());
            forest.covers = Some(covers.ok_or_else(|| wrong("rows"))?);
        }
        Ok(forest)
    }

    /// Whether a walk over all branches of each tree stays within it. A file without rows at leaves may hold others.
    pub(crate) fn stands_in_order(&self) -> bool {
        self.is_counted() || self.leaves().is_some()
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
