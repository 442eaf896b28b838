"""What this subject records: 党员."""
