"""Protects respondents: finds the finest published table in which every linked history is shared by enough people."""
