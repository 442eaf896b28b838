"""述职评议: who may do what."""
