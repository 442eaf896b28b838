"""Acts of the organization's room."""
