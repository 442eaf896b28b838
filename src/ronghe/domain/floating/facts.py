"""What this subject records: 流动党员."""
