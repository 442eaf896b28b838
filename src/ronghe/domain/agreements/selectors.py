"""联创共建合作意向书: what an actor may see."""
