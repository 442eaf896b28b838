"""四方责任: what is done."""
