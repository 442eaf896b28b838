"""议事决策: what the room keeps."""
