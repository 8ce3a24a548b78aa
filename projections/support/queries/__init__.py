"""What pages, programs and reports ask of support. Each takes the Reader and the Viewer first."""
