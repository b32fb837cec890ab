"""After a run died: what it made is found, and the state is put together again."""
