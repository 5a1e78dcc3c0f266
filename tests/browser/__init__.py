"""What people do in a browser, done in a real one."""
