"""荣誉: the register and its titles, selections, and the mobile red banner."""
