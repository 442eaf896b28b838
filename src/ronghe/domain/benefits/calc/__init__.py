"""效益账: arithmetic without tables."""
