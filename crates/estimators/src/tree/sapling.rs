//! One tree while it grows.

use super::splitting::{Rule, Split};

/// Nodes in the order in which they were found; children after their parents.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    pub(crate) nodes: Vec<TreeNode>,
    /// Bins that go left, by the number that questions name.
    pub(crate) subsets: Vec<[u64; 4]>,
    /// Answers of the leaves, one after the other.
    pub(crate) answers: Vec<f64>,
    pub(crate) leaves: usize,
    /// Rows at the leaves, by the number of their answer; empty when they were not counted.
    pub(crate) covers: Vec<u32>,
    /// What every node would answer as a leaf; only where it is to be pruned.
    pub(crate) inner_answers: Vec<f64>,
}

/// A node of a growing tree. There are many: two words each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum TreeNode {
    /// Not decided yet.
    Waiting,
    /// Asks about a column of bins; the right child follows the left one.
    Inner {
        column: u32,
        question: Question,
        left: u32,
    },
    /// Answers with this one of the answers.
    Leaf(u32),
}

/// A [`Rule`] in few bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Question {
    /// As of rules.
    Threshold { bin: u8, missing_left: bool },
    /// The number of the tree's subset.
    Subset(u32),
}

impl Tree {
    /// A root that waits.
    pub(crate) fn new() -> Self {
        Self {
            nodes: vec![TreeNode::Waiting],
            ..Self::default()
        }
    }

    /// Divides a node. Its children wait at the end, left first.
    pub(crate) fn divide(&mut self, node: usize, split: &Split) {
        let question = match split.rule {
            Rule::Threshold { bin, missing_left } => Question::Threshold { bin, missing_left },
            Rule::Subset(bits) => {
                self.subsets.push(bits);
                Question::Subset(self.subsets.len() as u32 - 1)
            }
        };
        self.branch(node, split.feature as u32, question);
    }

    /// Divides a node by one of this tree's questions.
    pub(crate) fn branch(&mut self, node: usize, column: u32, question: Question) {
        let left = self.nodes.len() as u32;
        self.nodes[node] = TreeNode::Inner {
            column,
            question,
            left,
        };
        self.nodes.extend([TreeNode::Waiting, TreeNode::Waiting]);
    }

    /// Makes a leaf of a node that so many rows come to. Its answer is the next one.
    pub(crate) fn close(&mut self, node: usize, rows: u32) {
        self.nodes[node] = TreeNode::Leaf(self.leaves as u32);
        self.leaves += 1;
        self.covers.push(rows);
    }

    /// Room for all of these to be grafted.
    pub(crate) fn make_room(&mut self, others: &[Self]) {
        let all = |length: fn(&Self) -> usize| others.iter().map(length).sum();
        self.nodes.reserve(all(|tree| tree.nodes.len()));
        self.answers.reserve(all(|tree| tree.answers.len()));
        self.covers.reserve(all(|tree| tree.covers.len()));
    }

    /// Puts another tree in the place of a node; what is below its root comes to the end.
    pub(crate) fn graft(&mut self, place: usize, other: Self) {
        let (base, leaves) = (self.nodes.len() as u32, self.leaves as u32);
        let subsets = self.subsets.len() as u32;
        let mut moved = other.nodes.iter().map(|node| match *node {
            TreeNode::Inner {
                column,
                question,
                left,
            } => TreeNode::Inner {
                column,
                question: match question {
                    Question::Subset(number) => Question::Subset(subsets + number),
                    threshold @ Question::Threshold { .. } => threshold,
                },
                // The root itself is not at the end.
                left: base + left - 1,
            },
            TreeNode::Leaf(leaf) => TreeNode::Leaf(leaves + leaf),
            TreeNode::Waiting => TreeNode::Waiting,
        });
        if let Some(root) = moved.next() {
            self.nodes[place] = root;
        }
        self.nodes.extend(moved);
        self.leaves += other.leaves;
        self.subsets.extend(other.subsets);
        self.answers.extend(other.answers);
        self.covers.extend(other.covers);
    }

    /// Whether a bin goes left.
    #[inline(always)]
    pub(crate) fn left(&self, question: Question, bin: u8) -> bool {
        let rule = match question {
            Question::Threshold { bin, missing_left } => Rule::Threshold { bin, missing_left },
            Question::Subset(number) => Rule::Subset(self.subsets[number as usize]),
        };
        rule.left(bin)
    }
}
