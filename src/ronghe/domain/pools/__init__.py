"""资源共享、思想共管: what the sides of a zone or agreement put in together. See docs/subjects/pools.md."""
