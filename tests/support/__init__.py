"""Shared by the tests: interpreters and boards, servers, messages."""
