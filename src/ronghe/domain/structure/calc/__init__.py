"""What may stand where, as plain tables."""
