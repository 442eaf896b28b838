"""精准问需: services."""
