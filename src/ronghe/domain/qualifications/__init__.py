"""Qualifications: certificates with review and expiry, training hours, exams, health restrictions; who lacks what for which work."""
