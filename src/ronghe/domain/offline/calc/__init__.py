"""Arithmetic of the phone's queue: what an act must look like, and when it was done."""
