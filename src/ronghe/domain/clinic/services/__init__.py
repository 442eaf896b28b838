"""专家门诊: fields and experts, asking, treating, visits, knowledge."""
