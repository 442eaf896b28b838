"""Pure parts of regrouping: who may stand where, what a grouping is worth, the solver. Imports no Django."""
