"""Arithmetic of plans: working time, links, critical path, progress, money, files and pictures. No Django."""
