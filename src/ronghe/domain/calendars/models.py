"""日历: what the room keeps."""
