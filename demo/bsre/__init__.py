"""The national certificate authority's signing service."""
