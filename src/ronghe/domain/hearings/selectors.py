"""述职评议: what an actor may see."""
