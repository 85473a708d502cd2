"""Views that a database release carries beside its tables, and the table that lists them."""
