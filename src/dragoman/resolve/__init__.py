"""Who is who over many documents, and do the reports agree: pure, records in and judgements out."""
