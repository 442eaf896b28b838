"""Tables in and out: spreadsheets and text files as units really keep them. Knows no subject."""
