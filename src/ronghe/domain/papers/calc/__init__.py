"""Arithmetic of papers: plain values, no database."""
