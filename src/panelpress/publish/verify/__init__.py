"""Checks a release that somebody holds: the script that lies in every release, and what ``panelpress verify`` adds to it."""
