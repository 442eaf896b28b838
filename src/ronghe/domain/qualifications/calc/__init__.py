"""Arithmetic of certificates and training: terms, warnings, what somebody lacks."""
