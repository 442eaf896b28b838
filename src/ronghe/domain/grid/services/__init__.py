"""Naming members, deciding about gaps, requests and their way up the grid."""
