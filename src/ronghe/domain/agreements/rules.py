"""联创共建合作意向书: who may do what."""
