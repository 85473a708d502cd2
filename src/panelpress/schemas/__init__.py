"""Loads the declarations of a project and derives schemas, types and labels from them."""
