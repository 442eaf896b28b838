"""推广: who may do what."""
