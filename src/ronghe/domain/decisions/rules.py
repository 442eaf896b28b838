"""议事决策: who may do what."""
