"""A gate report for people and machines: one page of HTML, JUnit XML, JSON, lines for a terminal. All of them redacted alike."""
