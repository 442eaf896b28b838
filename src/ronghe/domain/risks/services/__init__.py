"""风险台账: services."""
