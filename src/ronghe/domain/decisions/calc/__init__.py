"""议事决策: plain functions on plain values."""
