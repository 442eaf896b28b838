"""Pages: thin. Parse, one service call, render."""
