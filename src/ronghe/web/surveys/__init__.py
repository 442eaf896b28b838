"""问卷: pages."""
