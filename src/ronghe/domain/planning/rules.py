"""四同: who may do what."""
