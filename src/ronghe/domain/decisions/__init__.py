"""议事决策: matters, rules of procedure, responsibility sheet, charter clauses. See docs/subjects/decisions.md."""
