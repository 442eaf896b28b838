"""资源共享、思想共管: what the room keeps."""
