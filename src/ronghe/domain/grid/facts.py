"""What this subject records: 网格."""
