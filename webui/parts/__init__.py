"""Parts of pages that belong to no matter: charts, paging, timelines, workbooks."""
