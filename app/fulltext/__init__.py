"""Full-text search over everything a review holds in words, alike on both stores."""
