"""Acts on contractors and their people."""
