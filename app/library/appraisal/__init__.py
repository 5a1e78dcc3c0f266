"""Relevance, richness and rigour: three judgements, each with level, reason, who and when."""
