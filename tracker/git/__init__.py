"""Git: clones, their history and their blobs."""
