"""四同: plan items of Party work and production, planned, assigned, carried out and appraised together. See docs/subjects/planning.md."""
