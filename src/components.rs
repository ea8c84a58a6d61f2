//! The strongly connected components of a graph.

/// The number of each node's strongly connected component, by Tarjan's algorithm: with a stack of its own,
/// for a chain of messages may be as long as a file.
pub(crate) fn components(edges: &[Vec<usize>]) -> Vec<usize> {
    const NONE: usize = usize::MAX;
    let mut component = vec![NONE; edges.len()];
    let mut count = 0;
    // The order of discovery, and the first node of it that a node leads back to.
    let mut found = vec![NONE; edges.len()];
    let mut lowest = vec![NONE; edges.len()];
    let mut time = 0;
    let mut open = Vec::new();
    for root in 0..edges.len() {
        let mut calls = vec![(root, 0)];
        while let Some((node, next)) = calls.pop() {
            if next == 0 {
                if found[node] != NONE {
                    continue;
                }
                found[node] = time;
                lowest[node] = time;
                time += 1;
                open.push(node);
            } else {
                let child = edges[node][next - 1];
                if component[child] == NONE {
                    lowest[node] = lowest[node].min(lowest[child]);
                }
            }
            if let Some(&child) = edges[node].get(next) {
                calls.push((node, next + 1));
                calls.push((child, 0));
            } else if lowest[node] == found[node] {
                while let Some(member) = open.pop() {
                    component[member] = count;
                    if member == node {
                        break;
                    }
                }
                count += 1;
            }
        }
    }
    component
}

#[cfg(test)]
mod tests {
    use super::components;

    #[test]
    fn numbers_what_leads_to_each_other() {
        // 0 → 1 ⇄ 2 → 3, and 4 → 4.
        let numbers = components(&[vec![1], vec![2], vec![1, 3], vec![], vec![4]]);
        assert_eq!(numbers[1], numbers[2]);
        assert!(numbers[3] < numbers[2] && numbers[2] < numbers[0]);
        assert_eq!(numbers.iter().max(), Some(&3));
    }

    #[test]
    fn takes_a_long_chain() {
        let mut chain: Vec<_> = (1..100_000).map(|next| vec![next]).collect();
        chain.push(Vec::new());
        assert_eq!(components(&chain)[0], 99_999);
    }
}
