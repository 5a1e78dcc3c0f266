"""The codebook, quoted passages and memos."""
