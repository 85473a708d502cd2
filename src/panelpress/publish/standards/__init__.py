"""The release described in the standards of archives and search engines: one file a standard, all from the same edition."""
