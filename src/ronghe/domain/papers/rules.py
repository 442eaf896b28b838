"""公文: who may do what."""
