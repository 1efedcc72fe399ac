-- Their words and ours. Here: one look-up. The words are data: `words` and `word_files` of the source in faultlines.yml.

-- Our word for theirs, whatever its case. One that stands in no list is marked, left out of the record and listed, never
-- guessed; one listed with an empty word is known to have no counterpart, and is NULL.
CREATE MACRO our_word(field, written) AS
  list_transform([{theirs: trim(written::VARCHAR), key: field || chr(31) || lower(trim(written::VARCHAR))}], lambda w:
    CASE
      WHEN w.theirs = '' THEN NULL
      WHEN map_contains(getvariable('words'), w.key) THEN getvariable('words')[w.key]
      ELSE getvariable('unmapped') || w.theirs
    END)[1];
