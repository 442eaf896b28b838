"""Arithmetic of secret ballots: what lies in the urn, and what of it may be shown."""
