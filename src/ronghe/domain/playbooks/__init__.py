"""Playbooks: integration models as versioned data files, and who adopted which."""
