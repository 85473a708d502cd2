"""The codebook of a release: distributions computed from open tables, pictures, pages, workbook. Reads no secure data."""
