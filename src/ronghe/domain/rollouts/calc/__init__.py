"""Arithmetic of roll-outs: shares, before and after, and what was really done. Imports no Django."""
