"""四方责任: what the sheet says, as plain values."""
