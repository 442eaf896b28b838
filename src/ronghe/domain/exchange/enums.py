"""学习交流: closed lists."""
