"""Reads of terms and elections."""
