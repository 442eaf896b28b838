"""回头看: rules without tables."""
