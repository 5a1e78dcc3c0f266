"""Pages over the same functions the API calls."""
