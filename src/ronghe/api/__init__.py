"""HTTP API v1: as thin as the pages, on the same selectors and services."""
