"""Dated instances of mechanisms, their states, and the matching of records. Imports no Django."""
