"""Founding, splitting, merging, moving and dissolving bodies and units as dated acts with the approval they need."""
