"""One file a format. Each has ``write(edition, rows, folder)``, which fills new files from SELECTs and returns their paths."""
