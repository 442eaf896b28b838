"""Arithmetic of terms and votes: whole numbers and fractions, no Django."""
