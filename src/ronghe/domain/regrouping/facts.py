"""What this subject records: 划分党小组."""
