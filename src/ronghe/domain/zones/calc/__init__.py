"""What is reckoned about zones, on plain values."""
