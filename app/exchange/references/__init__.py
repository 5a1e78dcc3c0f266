"""Reference files of other tools, in and out: readers and writers, without a database."""
