"""荣誉: plain functions on plain values."""
