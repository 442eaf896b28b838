"""Acts of the room of taskforces."""
