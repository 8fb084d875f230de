//! Minimal cost-complexity pruning (Breiman, Friedman, Olshen and Stone, 1984).

use super::nodes::{Tree, TreeNode};

/// The smallest subtree that minimises impurity + `alpha` for each leaf. `scores[node]` and the tree's inner answers are what
/// the node would be as a leaf; scores fall as impurity rises, so a leaf costs `alpha - score`.
///
/// From the leaves up, a division stays only when it is worth more than its leaves cost: that is the optimum for one
/// `alpha`, which scikit-learn reaches by cutting weakest links one after the other.
pub(crate) fn prune(tree: &Tree, scores: &[f64], alpha: f64) -> Tree {
    let mut divides = vec![false; tree.nodes.len()];
    let mut costs = vec![0.0; tree.nodes.len()];
    // Children follow their parents, so that going backwards sees them first.
    for index in (0..tree.nodes.len()).rev() {
        let alone = alpha - scores[index];
        costs[index] = alone;
        if let TreeNode::Inner { left, .. } = tree.nodes[index] {
            let divided = costs[left] + costs[left + 1];
            divides[index] = divided < alone;
            costs[index] = alone.min(divided);
        }
    }
    compact(tree, &divides)
}

/// How many rows came to each node.
fn rows(tree: &Tree) -> Vec<u32> {
    let mut rows = vec![0; tree.nodes.len()];
    for index in (0..tree.nodes.len()).rev() {
        rows[index] = match tree.nodes[index] {
            TreeNode::Inner { left, .. } => rows[left] + rows[left + 1],
            TreeNode::Leaf(leaf) => tree.covers[leaf],
            TreeNode::Waiting => 0,
        };
    }
    rows
}

/// Only the nodes that still hang on the root.
fn compact(tree: &Tree, divides: &[bool]) -> Tree {
    let width = tree.inner_answers.len() / tree.nodes.len();
    let mut kept = Tree {
        nodes: vec![TreeNode::Waiting],
        ..Tree::default()
    };
    let rows = rows(tree);
    let mut open = vec![(0_usize, 0_usize)];
    while let Some((old, new)) = open.pop() {
        match tree.nodes[old] {
            TreeNode::Inner {
                feature,
                rule,
                left,
            } if divides[old] => {
                let moved = kept.nodes.len();
                kept.nodes.extend([TreeNode::Waiting, TreeNode::Waiting]);
                kept.nodes[new] = TreeNode::Inner {
                    feature,
                    rule,
                    left: moved,
                };
                open.push((left, moved));
                open.push((left + 1, moved + 1));
            }
            _ => {
                kept.nodes[new] = TreeNode::Leaf(kept.leaves);
                kept.leaves += 1;
                kept.covers.push(rows[old]);
                kept.answers
                    .extend_from_slice(&tree.inner_answers[old * width..(old + 1) * width]);
            }
        }
    }
    kept
}
