"""What this subject records: 换届."""
