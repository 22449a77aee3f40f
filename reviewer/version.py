"""The version, stated once: the build and `--version` read it here. Pure."""

VERSION = "0.1.0"
