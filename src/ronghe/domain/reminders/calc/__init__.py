"""When somebody is reminded of what, and when nobody is disturbed: plain Python without Django."""
