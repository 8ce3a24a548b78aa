"""What pages, programs and reports ask of the register. Each takes the Reader and the Viewer first."""
