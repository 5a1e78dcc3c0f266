"""Configurations, their evidence and links, and the programme theories they ground."""
