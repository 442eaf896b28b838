"""The `ronghe` command: as thin as the pages."""
