"""述职评议: the hearing, each reporter's page, and what came of the marks."""
