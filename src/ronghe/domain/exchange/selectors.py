"""学习交流: what an actor may see."""
