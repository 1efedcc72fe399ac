-- What stands under which heading. Here: macros that look at a document's blocks. Not here: times and durations.
-- A macro whose name begins with an underscore serves the others; mappings use the rest, which the README of
-- examples/sources shows one by one.
-- They read `_blocks`, whose columns begin with an underscore: a mapping's own `path` or `text` inside a call must
-- mean the mapping's column, and a macro's body is put in as it stands.

-- A heading without what varies: case, numbering, a trailing colon or parenthesis.
CREATE MACRO heading_key(heading) AS
  coalesce(
    nullif(trim(regexp_replace(
      regexp_replace(lower(heading), '^\s*(\d+[.)]|\d+(\.\d+)+[.)]?)\s+', ''),
      '([\s:.!]|\([^()]*\))+$', '')), ''),
    lower(trim(heading)));

-- A name that ends in * stands for every heading that begins so.
CREATE MACRO _heading_fits(keys, headings) AS
  list_bool_or(flatten(list_transform(headings, lambda h: list_transform(keys, lambda k:
    CASE WHEN h LIKE '%*' THEN starts_with(k, heading_key(rtrim(h, '*'))) ELSE k = heading_key(h) END))));

-- One block as Markdown again.
CREATE MACRO _block_markdown(kind, level, text, cells, is_header) AS
  CASE kind
    WHEN 'bullet' THEN repeat('  ', level - 1) || '- ' || replace(text, chr(10), chr(10) || repeat('  ', level))
    WHEN 'row' THEN '| ' || array_to_string(list_transform(cells, lambda c: replace(replace(c, '|', '\|'), chr(10), ' ')), ' | ') || ' |'
      || CASE WHEN is_header THEN chr(10) || '|' || repeat(' --- |', len(cells)) ELSE '' END
    WHEN 'code' THEN chr(10) || '```' || chr(10) || text || chr(10) || '```' || chr(10)
    WHEN 'quote' THEN chr(10) || '> ' || replace(text, chr(10), chr(10) || '> ') || chr(10)
    WHEN 'heading' THEN chr(10) || repeat('#', level) || ' ' || text || chr(10)
    ELSE chr(10) || text || chr(10)
  END;

CREATE MACRO _joined_markdown(pieces) AS
  nullif(trim(regexp_replace(array_to_string(pieces, chr(10)), '\n{3,}', chr(10) || chr(10), 'g'), chr(10) || ' '), '');

-- All that stands under any of the headings, subsections included, the headings themselves left out.
CREATE MACRO section_text(document, headings) AS (
  SELECT _joined_markdown(list(_block_markdown(_kind, _level, _text, _cells, _is_header) ORDER BY _n))
  FROM _blocks
  WHERE _path = document AND _heading_fits(_keys, headings)
    AND NOT (_kind = 'heading' AND _heading_fits(_keys[-1:], headings)));

-- The whole document; its front matter and its comments are not part of it.
CREATE MACRO document_text(document) AS (
  SELECT _joined_markdown(list(_block_markdown(_kind, _level, _text, _cells, _is_header) ORDER BY _n))
  FROM _blocks WHERE _path = document);

-- What stands before the first heading below the title.
CREATE MACRO opening_text(document) AS (
  SELECT _joined_markdown(list(_block_markdown(_kind, _level, _text, _cells, _is_header) ORDER BY _n))
  FROM _blocks
  WHERE _path = document AND _kind <> 'heading' AND (len(_trail) = 0 OR (len(_trail) = 1 AND _trail = (
    SELECT first(_trail ORDER BY _n) FROM _blocks WHERE _path = document AND _kind = 'heading'))));

-- What stands under one heading, told by its number among the blocks, up to the next heading of any level.
CREATE MACRO body_text(document, heading) AS (
  SELECT _joined_markdown(list(_block_markdown(_kind, _level, _text, _cells, _is_header) ORDER BY _n))
  FROM _blocks
  WHERE _path = document AND _n > heading AND _n < coalesce((
    SELECT min(_n) FROM _blocks WHERE _path = document AND _kind = 'heading' AND _n > heading), 2147483647));

-- One text for each outermost bullet, with what is nested in it below it.
CREATE MACRO bullets(document, headings) AS (
  SELECT list(_bullet ORDER BY _item) FROM (
    SELECT _item, trim(string_agg(
      CASE WHEN _n = _item AND _kind = 'bullet' THEN _text ELSE _block_markdown(_kind, _level, _text, _cells, _is_header) END,
      chr(10) ORDER BY _n), chr(10)) AS _bullet
    FROM _blocks
    WHERE _path = document AND _item IS NOT NULL AND _heading_fits(_keys, headings)
    GROUP BY _item));

-- All points of a section in reading order, outermost bullets as above and paragraphs between them, each with the
-- heading it stands under, its kind (bullet, paragraph, quote) and its line.
CREATE MACRO placed_points(document, headings) AS (
  SELECT list({'section': _section, 'kind': _of, 'text': _point, 'line': _at} ORDER BY _first) FROM (
    SELECT coalesce(_item, _n) AS _first, first(_section ORDER BY _n) AS _section, first(_kind ORDER BY _n) AS _of, min(_line) AS _at,
      trim(string_agg(
        CASE WHEN _kind IN ('paragraph', 'quote') OR (_n = _item AND _kind = 'bullet') THEN _text
          ELSE _block_markdown(_kind, _level, _text, _cells, _is_header) END,
        chr(10) ORDER BY _n), chr(10)) AS _point
    FROM _blocks
    WHERE _path = document AND (_item IS NOT NULL OR _kind IN ('paragraph', 'quote')) AND _heading_fits(_keys, headings)
    GROUP BY coalesce(_item, _n)));

CREATE MACRO points(document, headings) AS list_transform(placed_points(document, headings), lambda point: point.text);

-- What follows `label:` in a bullet or paragraph of the section; the first that holds anything.
CREATE MACRO labelled(document, headings, label) AS (
  SELECT first(_value ORDER BY _n) FILTER (_value <> '') FROM (
    SELECT _n, trim(regexp_extract(_text, '^\s*' || regexp_escape(label) || '\s*[:=](.*)$', 1, 'is')) AS _value
    FROM _blocks
    WHERE _path = document AND _kind IN ('bullet', 'paragraph') AND _heading_fits(_keys, headings)));

-- The first sentence of a document in which these words stand, code left out. It ends at . ! or ? before a capital or an address.
CREATE MACRO sentence_with(document, words) AS (
  SELECT first(_sentence ORDER BY _n, _place) FILTER (contains(_sentence, words)) FROM (
    SELECT _n, unnest(_sentences) AS _sentence, generate_subscripts(_sentences, 1) AS _place FROM (
      SELECT _n, string_split(regexp_replace(_text, '([.!?][")]*)\s+([A-Z"`(]|https?:)', '\1' || chr(31) || '\2', 'g'), chr(31)) AS _sentences
      FROM _blocks
      WHERE _path = document AND _kind <> 'code' AND contains(_text, words))));

-- The web addresses in a text, and those of them that are issues or pull requests.
CREATE MACRO links_in(text) AS
  list_transform([regexp_extract_all(text, 'https?://[^\s<>"()\[\]]*[^\s<>"()\[\].,;:!?*]')], lambda links:
    list_filter(links, lambda link, n: list_position(links, link) = n))[1];

CREATE MACRO tickets_in(text) AS
  list_filter(links_in(text), lambda link: regexp_matches(link, '/(issues|pull|merge_requests)/\d+'));

-- Whether the writer ticked a point as done: true, false for an empty box, NULL where there is no mark.
CREATE MACRO tick_in(text) AS
  CASE
    WHEN regexp_matches(text, '^\s*(\[[xX]\]|✅|☑|✔)|(?i)\(done\)\s*\.?\s*$') THEN true
    WHEN regexp_matches(text, '^\s*\[ \]') THEN false
  END;

CREATE MACRO without_tick(text) AS regexp_replace(text, '^\s*(\[[ xX]\]|✅|☑|✔|❌)\x{FE0F}?\s*', '');

-- The footnotes a text points to, as written: '279 minutes [^3]' gives '[^3]: We had 3 incidents …'.
CREATE MACRO footnotes(document, text) AS (
  SELECT string_agg(_text, ' ' ORDER BY _n) FROM _blocks
  WHERE _path = document AND _kind = 'paragraph' AND contains(text, regexp_extract(_text, '^(\[\^[^\]]+\]):', 1))
    AND starts_with(_text, '[^'));

-- The persons of a section, each once, as written: cut at commas; at spaces only between initials.
CREATE MACRO people(document, headings) AS (
  SELECT list(_person ORDER BY _first) FROM (
    SELECT _person, min(_n * 1000 + _place) AS _first FROM (
      SELECT _n, unnest(people_in(_text)) AS _person, generate_subscripts(people_in(_text), 1) AS _place
      FROM _blocks
      WHERE _path = document AND _kind IN ('bullet', 'paragraph') AND _heading_fits(_keys, headings))
    GROUP BY _person));

CREATE MACRO people_in(text) AS
  list_filter(
    flatten(list_transform(regexp_split_to_array(text, '\s*[,;\n]\s*|\s+and\s+'), lambda p:
      CASE WHEN regexp_full_match(trim(p), '[A-Z]{2,4}(\s+[A-Z]{2,4})+') THEN regexp_split_to_array(trim(p), '\s+') ELSE [trim(p)] END)),
    lambda p: p <> '');

-- One entry of the front matter as text, NULL where it is blank. DuckDB's own arrow binds weaker than =, so
-- `front ->> 'severity' = 'down'` is not what it looks like.
CREATE MACRO front_text(front, name) AS nullif(trim(json_extract_string(front, '$."' || name || '"')), '');

-- An entry that is a list, or one value standing for it; blanks left out.
CREATE MACRO front_list(front, name) AS
  list_filter(
    CASE json_type(json_extract(front, '$."' || name || '"'))
      WHEN 'ARRAY' THEN list_transform(from_json(json_extract(front, '$."' || name || '"'), '["VARCHAR"]'), lambda v: trim(v))
      ELSE [front_text(front, name)]
    END,
    lambda v: v <> '');
