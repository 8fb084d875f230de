//! Minimal cost-complexity pruning (Breiman, Friedman, Olshen and Stone, 1984).

use super::nodes::{Tree, TreeNode};

/// The smallest subtree that minimises impurity + `alpha` for each leaf. `scores[node]` and `answers[node]` are what the
/// node would be as a leaf; scores fall as impurity rises, so a leaf costs `alpha - score`.
///
/// From the leaves up, a division stays only when it is worth more than its leaves cost: that is the optimum for one
/// `alpha`, which scikit-learn reaches by cutting weakest links one after the other.
pub(crate) fn prune(tree: &Tree, scores: &[f64], answers: &[Vec<f64>], alpha: f64) -> Tree {
    let mut nodes = tree.nodes.clone();
    let mut costs = vec![0.0; nodes.len()];
    // Children follow their parents, so that going backwards sees them first.
    for index in (0..nodes.len()).rev() {
        let alone = alpha - scores[index];
        costs[index] = match nodes[index] {
            TreeNode::Leaf(_) => alone,
            TreeNode::Inner { left, .. } => {
                let divided = costs[left] + costs[left + 1];
                if alone <= divided {
                    nodes[index] = TreeNode::Leaf(answers[index].clone());
                }
                alone.min(divided)
            }
        };
    }
    compact(&nodes)
}

/// Only the nodes that still hang on the root.
fn compact(nodes: &[TreeNode]) -> Tree {
    let mut kept = vec![nodes[0].clone()];
    let mut open = vec![(0_usize, 0_usize)];
    while let Some((old, new)) = open.pop() {
        if let TreeNode::Inner { left, .. } = nodes[old] {
            let moved = kept.len();
            kept.push(nodes[left].clone());
            kept.push(nodes[left + 1].clone());
            if let TreeNode::Inner { left, .. } = &mut kept[new] {
                *left = moved;
            }
            open.push((left, moved));
            open.push((left + 1, moved + 1));
        }
    }
    Tree { nodes: kept }
}
