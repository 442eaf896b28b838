"""组织生活: pure rules, without Django."""
