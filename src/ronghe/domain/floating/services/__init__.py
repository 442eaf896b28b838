"""Acts for floating members."""
