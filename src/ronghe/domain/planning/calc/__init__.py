"""四同检查: pure rules."""
