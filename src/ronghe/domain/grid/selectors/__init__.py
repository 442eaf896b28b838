"""The grid as it stands on a day, who is named for whom, and requests as an actor may see them."""
