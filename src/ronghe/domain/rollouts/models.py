"""推广: what the room keeps."""
