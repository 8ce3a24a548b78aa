"""What stands beside agreements: objections, court orders, who may agree, and which to ask for again."""
