"""党建联盟: partners outside, and one list of difficulties with an owner on each side. See docs/subjects/alliances.md."""
