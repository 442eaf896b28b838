"""Inspections, evidence and findings as an actor may see them."""
