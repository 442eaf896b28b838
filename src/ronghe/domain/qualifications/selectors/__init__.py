"""Certificates and records as an actor may see them, and who lacks what."""
