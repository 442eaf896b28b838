"""Acts of the room of campaigns."""
