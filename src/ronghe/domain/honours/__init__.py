"""荣誉: the register of honours, their selection, and the mobile red banner of the offices."""
