"""Retroduce: an open database for realist evidence synthesis."""
