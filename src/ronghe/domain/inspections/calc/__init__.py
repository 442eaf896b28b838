"""Arithmetic and reading of checklists, without Django."""
