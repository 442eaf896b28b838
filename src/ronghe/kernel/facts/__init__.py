"""Facts: what happened, once, for good. See docs/subjects/facts.md."""
