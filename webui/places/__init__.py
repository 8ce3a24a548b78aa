"""Pages and API of resource bases, their places, and hours at short notice."""
