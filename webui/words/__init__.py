"""Both languages: the catalogue of Welsh, dates and numbers, the names of things, the words for codes and refusals."""
