"""Acts of the appraisal's room."""
