"""The subjects: one room each."""
