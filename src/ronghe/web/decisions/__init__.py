"""议事决策: matters, the list, rules of procedure, responsibility sheets, the charter's clauses, leaders in their fields."""
