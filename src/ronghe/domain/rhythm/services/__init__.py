"""Acts of the rhythm's room."""
