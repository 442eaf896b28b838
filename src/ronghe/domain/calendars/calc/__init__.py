"""What a calendar shows and how it is laid out: plain Python without Django."""
