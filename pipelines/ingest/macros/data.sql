-- What stands in a document of JSON or YAML. Here: texts out of `data`, by path. Not here: what a text means.

-- One value as text, NULL where it is not there or blank: text_at(data, '$.metadata.id'). DuckDB's own arrow binds weaker
-- than =, so `data ->> '$.a' = 'b'` is not what it looks like.
CREATE MACRO text_at(data, path) AS nullif(trim(json_extract_string(data, path)), '');

-- A list of texts, or one text standing for it; blanks left out.
CREATE MACRO texts_at(data, path) AS
  list_filter(
    list_transform(
      CASE
        WHEN json_type(json_extract(data, path)) = 'ARRAY' THEN from_json(json_extract(data, path), '["VARCHAR"]')
        WHEN json_type(json_extract(data, path)) = 'OBJECT' THEN NULL
        ELSE [json_extract_string(data, path)]
      END,
      lambda v: trim(v)),
    lambda v: v <> '');

-- The objects of a list, each as JSON again: list_transform(items_at(data, '$.steps'), lambda s: text_at(s, '$.name')).
CREATE MACRO items_at(data, path) AS
  CASE WHEN json_type(json_extract(data, path)) = 'ARRAY' THEN from_json(json_extract(data, path), '["JSON"]') END;
