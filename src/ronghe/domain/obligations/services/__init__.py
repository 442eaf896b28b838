"""Acts of the obligations' room: generating, matching, waiving."""
