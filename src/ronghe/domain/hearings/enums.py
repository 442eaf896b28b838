"""述职评议: closed lists."""
