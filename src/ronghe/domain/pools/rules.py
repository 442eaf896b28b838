"""资源共享、思想共管: who may do what."""
