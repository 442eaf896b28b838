"""Acts of the room of offline."""
