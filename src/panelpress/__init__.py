"""panelpress publishes multi-wave panel surveys as open data that can find no one.

The sub-packages follow the data's way: ``raw`` reads deliveries, ``schemas`` loads declarations, ``build`` harmonizes and
protects, ``validation`` refuses what must not go out, ``publish`` writes releases and serves them.
"""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("panelpress")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0.1.0"
