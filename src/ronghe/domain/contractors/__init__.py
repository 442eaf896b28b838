"""Contractors: companies through the five gates, their workers, entry passes, the gate, two mechanisms with scores."""
