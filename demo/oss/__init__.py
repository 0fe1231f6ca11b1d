"""The national business registry: it pushes, and is never asked."""
