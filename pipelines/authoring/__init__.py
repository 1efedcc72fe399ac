"""The author's side, before ingestion: what a record is to hold, what is wrong with it and how it is mended."""
