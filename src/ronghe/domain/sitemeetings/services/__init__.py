"""Acts of the room of site meetings."""
