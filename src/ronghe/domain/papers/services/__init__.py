"""Acts of the room of papers."""
