"""资源共享、思想共管: closed lists."""
