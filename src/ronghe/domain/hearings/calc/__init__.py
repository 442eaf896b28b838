"""述职评议: plain functions on plain values."""
