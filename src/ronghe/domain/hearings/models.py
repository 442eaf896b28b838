"""述职评议: what the room keeps."""
