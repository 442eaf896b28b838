"""回头看: a finding down to the cause behind its cause, measures, and whether it came back. See docs/subjects/lookbacks.md."""
