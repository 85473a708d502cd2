"""Writers of survey exports, one file a platform. Each takes text cells by column and writes the bytes such a platform writes,
the same bytes for the same cells on every machine."""
