"""Acts of the room of carriers."""
