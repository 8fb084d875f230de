//! Minimal cost-complexity pruning (Breiman, Friedman, Olshen and Stone, 1984).

use super::sapling::{Tree, TreeNode};

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
            let divided = costs[left as usize] + costs[left as usize + 1];
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
            TreeNode::Inner { left, .. } => rows[left as usize] + rows[left as usize + 1],
            TreeNode::Leaf(leaf) => tree.covers[leaf as usize],
            TreeNode::Waiting => 0,
        };
    }
    rows
}

/// Only the nodes that still hang on the root.
fn compact(tree: &Tree, divides: &[bool]) -> Tree {
    let width = tree.inner_answers.len() / tree.nodes.len();
    let mut kept = Tree {
        subsets: tree.subsets.clone(),
        ..Tree::new()
    };
    let rows = rows(tree);
    let mut open = vec![(0_usize, 0_usize)];
    while let Some((old, new)) = open.pop() {
        match tree.nodes[old] {
            TreeNode::Inner {
                column,
                question,
                left,
            } if divides[old] => {
                let (left, moved) = (left as usize, kept.nodes.len());
                kept.branch(new, column, question);
                open.push((left, moved));
                open.push((left + 1, moved + 1));
            }
            _ => {
                kept.close(new, rows[old]);
                kept.answers
                    .extend_from_slice(&tree.inner_answers[old * width..(old + 1) * width]);
            }
        }
    }
    kept
}
