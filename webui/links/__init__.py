"""One-time links: the second proof, the browser in which it was given, and who then acts. It knows no matter."""
