"""Compiles the crosswalk to readable SQL in the portable core: CASE, explicit columns, UNION ALL, windows, DECIMAL."""
