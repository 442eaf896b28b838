"""四同: closed lists."""
