"""States of boards: published and computed, as intervals."""
