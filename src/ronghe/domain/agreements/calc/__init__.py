"""Agreements as plain values: the text, its digest, its differences, and how far goals have come."""
