"""What pages, programs and reports ask of concerns and statutory waits. Each takes the Reader and the Viewer first."""
