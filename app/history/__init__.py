"""Every change recorded, read back, undone and restored."""
