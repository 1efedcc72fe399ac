"""Bytes to documents and rows, and where each thing stands in its file. Not here: what any of it means.

native.py reads files that are records already; documents.py and csv_rows.py, files that a mapping makes records of.
Under them the formats: yaml_events, json_strict (with json_items and lines, for files of many), markdown (with
markdown_blocks and inline), and text, which every text file must satisfy.
"""
