"""A whole-codebase review bot for CI."""
