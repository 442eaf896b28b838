"""学习交流: what the room keeps."""
