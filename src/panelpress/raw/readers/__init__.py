"""Readers of platform exports: one file a platform, behind ``detect`` and ``read_delivery``. They change nothing silently."""

from panelpress.raw.readers.choose import PLATFORMS, belongs_beside, detect, read_delivery
from panelpress.raw.readers.redcap import events_of

__all__ = ["PLATFORMS", "belongs_beside", "detect", "events_of", "read_delivery"]
