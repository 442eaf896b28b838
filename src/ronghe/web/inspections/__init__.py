"""Pages of inspections and of what they find."""
