"""议事决策: closed lists."""
