"""联创共建合作意向书: closed lists."""
