//! A grown tree, or many of them in one piece of memory, and how they answer.

use super::binning::MISSING_BIN;
use super::splitting::Rule;
use crate::{Array, State, StateError};

const LEAF: u8 = 1;
const MISSING_LEFT: u8 = 2;
const SUBSET: u8 = 4;

/// Eight bytes a node. Children stand next to each other, left first, always after their parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Node {
    /// First child, or the number of the answer in a leaf.
    next: u32,
    feature: u16,
    bin: u8,
    flags: u8,
}

/// Trees over binned columns. Answers have `width` numbers each.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Forest {
    nodes: Vec<Node>,
    /// First node of each tree.
    roots: Vec<u32>,
    /// Bins that go left at subset nodes, by node number.
    subsets: Vec<[u64; 4]>,
    subset_nodes: Vec<u32>,
    answers: Vec<f64>,
    width: usize,
    features: usize,
}

/// One tree while it grows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    pub(crate) nodes: Vec<TreeNode>,
}

/// A node of a growing tree.
#[derive(Clone, Debug)]
pub(crate) enum TreeNode {
    /// Divides by a rule; the right child follows the left one.
    Inner {
        feature: usize,
        rule: Rule,
        left: usize,
    },
    /// Answers.
    Leaf(Vec<f64>),
}

impl Forest {
    /// Room for trees over this many columns with answers of this many numbers.
    pub(crate) fn new(features: usize, width: usize) -> Self {
        let mut forest = Self {
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
        for node in &tree.nodes {
            let packed = match node {
                TreeNode::Leaf(answer) => Node {
                    next: self.answer(answer),
                    feature: 0,
                    bin: 0,
                    flags: LEAF,
                },
                TreeNode::Inner {
                    feature,
                    rule,
                    left,
                } => {
                    let next = base + *left as u32;
                    match *rule {
                        Rule::Threshold { bin, missing_left } => Node {
                            next,
                            feature: *feature as u16,
                            bin,
                            flags: if missing_left { MISSING_LEFT } else { 0 },
                        },
                        Rule::Subset(bits) => {
                            self.subset_nodes.push(self.nodes.len() as u32);
                            self.subsets.push(bits);
                            Node {
                                next,
                                feature: *feature as u16,
                                bin: 0,
                                flags: SUBSET,
                            }
                        }
                    }
                }
            };
            self.nodes.push(packed);
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
        for tree in 0..self.roots.len() {
            self.add_answer(tree, bins, sums);
        }
    }

    /// Adds the answers of one tree.
    pub(crate) fn add_answer(&self, tree: usize, bins: &[u8], sums: &mut [f64]) {
        let root = self.roots[tree] as usize;
        let rows = bins
            .chunks_exact(self.features.max(1))
            .zip(sums.chunks_exact_mut(self.width));
        for (row, sums) in rows {
            let leaf = self.leaf(root, row);
            let answer = &self.answers[leaf * self.width..(leaf + 1) * self.width];
            sums.iter_mut()
                .zip(answer)
                .for_each(|(sum, value)| *sum += value);
        }
    }

    /// The number of the answer that a row of bins leads to.
    fn leaf(&self, root: usize, row: &[u8]) -> usize {
        let mut at = root;
        loop {
            let node = self.nodes[at];
            if node.flags & LEAF != 0 {
                return node.next as usize;
            }
            let bin = row[node.feature as usize];
            let right = if node.flags & SUBSET != 0 {
                !self.in_subset(at, bin)
            } else if bin == MISSING_BIN {
                node.flags & MISSING_LEFT == 0
            } else {
                bin > node.bin
            };
            at = node.next as usize + usize::from(right);
        }
    }

    fn in_subset(&self, node: usize, bin: u8) -> bool {
        self.subset_nodes
            .binary_search(&(node as u32))
            .is_ok_and(|index| self.subsets[index][bin as usize >> 6] >> (bin & 63) & 1 == 1)
    }

    /// Writes the trees down.
    pub(crate) fn save(&self) -> State {
        let field = |read: fn(&Node) -> u8| Array::U8(self.nodes.iter().map(read).collect());
        State::default()
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
            .with("subset_nodes", Array::U32(self.subset_nodes.clone()))
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
        let subset_nodes = state.u32s("subset_nodes")?.to_vec();
        let subsets: Vec<[u64; 4]> = state.u64s("subsets")?.as_chunks::<4>().0.to_vec();
        let count = next.len();
        if [feature.len(), bin.len(), flags.len()] != [count; 3]
            || width == 0
            || !answers.len().is_multiple_of(width)
        {
            return Err(wrong("sizes"));
        }
        if subsets.len() != subset_nodes.len()
            || subset_nodes.windows(2).any(|pair| pair[0] >= pair[1])
        {
            return Err(wrong("subsets"));
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
            let target = node.next as usize;
            let fits = if node.flags & LEAF != 0 {
                target < answers.len() / width
            } else {
                target > index && target + 1 < count && (node.feature as usize) < features
            };
            if !fits {
                return Err(wrong("nodes"));
            }
            nodes.push(node);
        }
        Ok(Self {
            nodes,
            roots,
            subsets,
            subset_nodes,
            answers,
            width,
            features,
        })
    }
}
