"""Appraisal: what a sheet makes of the facts of a period, shown, then fixed for good."""
