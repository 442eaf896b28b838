"""Pure arithmetic of the organization room; no Django."""
