"""What pages and programs ask of new triages. Each takes the Reader and the Viewer first."""
