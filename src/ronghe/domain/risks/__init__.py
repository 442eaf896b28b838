"""风险台账: areas of a unit or zone, what may go wrong in each, how bad, and what holds it."""
