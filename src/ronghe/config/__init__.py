"""Settings, URLs and the server entry."""
