"""资源共享、思想共管: what an actor may see."""
