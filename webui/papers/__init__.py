"""What is printed or sent on paper: its blocks, shown as a page and written as PDF/UA."""
