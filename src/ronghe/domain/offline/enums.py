"""离线: closed lists."""
