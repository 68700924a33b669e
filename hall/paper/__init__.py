"""What is printed: layout, fonts, printers. No page and no store."""
