"""Obligations: what is owed, by whom, by when, and whether a record met it."""
