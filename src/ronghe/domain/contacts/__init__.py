"""Contact points: fixed-point assistance, safety contacts, care."""
