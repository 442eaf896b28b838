"""学习交流: rules on plain values."""
