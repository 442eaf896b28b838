"""Reads of the organization's room."""
