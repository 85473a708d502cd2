"""Readers of platform exports: one file a platform, behind ``detect`` and ``read_delivery``. They change nothing silently."""

from panelpress.raw.readers.choose import PLATFORMS, detect, read_delivery

__all__ = ["PLATFORMS", "detect", "read_delivery"]
