"""A whole review as plain files, out and in again: the portable archive."""
