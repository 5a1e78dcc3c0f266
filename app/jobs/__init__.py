"""Long work with progress: kept in a table, claimed by one process, never lost silently."""
