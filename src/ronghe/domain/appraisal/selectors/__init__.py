"""Reads of the appraisal's room."""
