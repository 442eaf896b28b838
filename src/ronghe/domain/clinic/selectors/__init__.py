"""专家门诊: what an actor may see."""
