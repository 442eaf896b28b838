"""提醒: what the room keeps."""
