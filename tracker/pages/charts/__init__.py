"""Charts of boards, as static SVG and as interactive programs."""
