"""Questions asked of a review; reads only, owns no tables."""
