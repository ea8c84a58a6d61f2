//! Errors between our example and peers in Python, Node and Go: see `tests/`.
