"""Pages of hazards and violations."""
