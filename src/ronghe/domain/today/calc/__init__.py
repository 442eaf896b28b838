"""The order of a day's list: plain Python without Django."""
