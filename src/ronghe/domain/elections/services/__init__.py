"""Acts on terms and elections."""
