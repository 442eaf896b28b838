"""四方责任: what is read of sheets."""
