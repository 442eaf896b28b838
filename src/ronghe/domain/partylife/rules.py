"""组织生活: who may do what."""
