"""Acts of the room of sitemeetings."""
