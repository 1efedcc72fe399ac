"""Publication by generations: what readers see is always one whole generation, and never the one being made."""
