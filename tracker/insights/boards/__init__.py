"""One board at one moment: which edition, which state, which rows."""
