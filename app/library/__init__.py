"""Sources, the studies they report and their full texts."""
