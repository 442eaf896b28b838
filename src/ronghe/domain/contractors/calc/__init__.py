"""Arithmetic of contractors: credit codes and scores."""
