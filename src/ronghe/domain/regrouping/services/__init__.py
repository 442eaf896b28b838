"""Acts of regrouping: asking, searching, moving by hand, deciding, carrying out."""
