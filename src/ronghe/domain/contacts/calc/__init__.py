"""Arithmetic of the contact points."""
