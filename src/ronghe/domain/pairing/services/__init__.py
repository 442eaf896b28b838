"""Acts of pairs of group and team."""
