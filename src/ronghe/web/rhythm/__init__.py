"""节拍: huddles and meetings, signing in, the record."""
