"""学习交流: who may do what."""
