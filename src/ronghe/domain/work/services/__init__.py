"""Acts of the work room."""
