"""Rosters out of the tables that units keep: what each column means, who is in it, and what is wrong with it.

Pure: files in, columns of cleaned values and problems out. Nothing here knows a database.
"""
