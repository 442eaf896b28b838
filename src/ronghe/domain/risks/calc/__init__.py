"""风险台账: plain arithmetic."""
