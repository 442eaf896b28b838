"""联创共建合作意向书: what the room keeps."""
