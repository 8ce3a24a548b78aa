"""Parts of pages used by several subjects: charts, paging, timelines, workbooks."""
