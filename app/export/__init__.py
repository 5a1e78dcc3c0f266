"""The same questions as files; reads only, owns no tables."""
