"""架构: the trees, one body, acts on bodies, units and stations."""
