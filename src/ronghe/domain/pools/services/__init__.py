"""Acts of the room of pools."""
