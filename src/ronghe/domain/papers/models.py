"""公文: what the room keeps."""
