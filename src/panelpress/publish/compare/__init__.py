"""Compares two releases: what they declare, who is in them, which cells differ, which margins moved.

``side`` opens a release; each other module answers one question about two of them; ``panelpress.publish.compare.diff`` puts the
answers together.
"""
