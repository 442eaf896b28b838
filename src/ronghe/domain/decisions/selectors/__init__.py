"""议事决策: what an actor may see, and how it stands."""
