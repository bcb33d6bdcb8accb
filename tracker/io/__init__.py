"""HTTP and locks: what the tracker shares with other processes and machines."""
