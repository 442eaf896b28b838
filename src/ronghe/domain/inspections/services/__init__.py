"""Acts of inspections: arranging, visiting, following findings, grading."""
