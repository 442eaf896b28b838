"""组织: trees, people, the roster."""
