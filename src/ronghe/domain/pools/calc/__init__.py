"""Arithmetic of the pool, without Django."""
