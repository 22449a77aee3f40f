"""Loopback stand-ins for the Messages API and the GitHub API, with the real rules.

The demo and the tests run the production path against them over real HTTP: the real SDK, the
real PyGithub, real sockets. Nothing here is imported by a review of a real repository.
"""
