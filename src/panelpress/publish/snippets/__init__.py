"""Short scripts that load a release right, in the languages that researchers use; one of them draws a figure."""
