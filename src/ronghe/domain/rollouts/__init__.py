"""推广: from a pilot to a model that others work by. See docs/subjects/rollouts.md."""
