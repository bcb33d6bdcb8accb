"""States of boards, published and computed, stored as intervals."""
