"""Figures that may be published. Nothing here reads a table: an exact table goes in, a published one comes out."""
