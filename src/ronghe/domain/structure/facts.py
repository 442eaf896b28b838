"""What this subject records: 建制."""
