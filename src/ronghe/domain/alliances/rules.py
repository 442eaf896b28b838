"""党建联盟: who may do what."""
