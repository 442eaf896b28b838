"""What this subject records: 联系点."""
