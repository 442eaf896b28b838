"""四同: what the room keeps."""
