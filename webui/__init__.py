"""The web application: Flask pages and API in two languages. Decisions are made elsewhere."""
