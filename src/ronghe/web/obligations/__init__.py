"""节拍: what is owed, since when, by whom."""
