"""Reads of regrouping: who is asked about, the stored proposals as the solver knows them, what is in the way."""
