"""联创共建合作意向书: what branches agreed to do together. See docs/subjects/agreements.md."""
