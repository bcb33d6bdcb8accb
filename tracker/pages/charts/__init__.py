"""Charts of boards: static SVG, and specifications of interactive charts."""
