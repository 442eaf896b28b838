"""专家门诊: plain arithmetic."""
