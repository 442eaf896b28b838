"""问卷: reads."""
