"""A warehouse as ingestion would leave it, invented in SQL: for the cost of the analysis and for its bytes.

A series for about every thirty incidents, a vocabulary as large as an organisation's, ten years, three planted lines.
Here: the tables the models of the analysis start from. Not here: any model.
"""

from __future__ import annotations

from pathlib import Path

from pipelines import warehouse

WEEKS = 520

# a number below `most` for each n and salt, the same everywhere; of `uneven` low numbers more often than high ones
DRAW = """
CREATE MACRO even(n, salt, most) AS (hash(n * 64 + salt) % most)::BIGINT;
CREATE MACRO planted(word, n) AS CASE WHEN n % 60 = 7 THEN 'planted ' || n % 3 ELSE word END;
CREATE MACRO uneven(n, salt, most) AS floor(most * pow(even(n, salt, 1000003) / 1000003, 2.5))::BIGINT;
"""
INVENTED = """
CREATE TABLE raw.fault_line_names (line_id VARCHAR, name VARCHAR, owner_team VARCHAR, note VARCHAR);
CREATE TABLE raw.exposures (kind VARCHAR, series VARCHAR, from_on DATE, exposure DOUBLE);
CREATE TABLE raw.as_of AS SELECT TIMESTAMPTZ '2026-11-16 06:00:00+00' AS as_of;
CREATE TABLE given AS
SELECT
    'INC-' || lpad(n::VARCHAR, 9, '0') AS record_id, n,
    ['service_degradation', 'data_quality_anomaly', 'model_performance_regression'][1 + even(n, 1, 3)] AS category,
    DATE '2016-11-28' + even(n, 2, 7 * {weeks})::INTEGER AS started_on, even(n, 3, {series} * 6 // 10) AS service
FROM range({incidents}) AS numbers(n);
CREATE TABLE intermediate.int_current_records AS
SELECT record_id, category, 'cause ' || even(n, 4, 30) AS subcategory, 'domain ' || even(n, 5, 4) AS domain,
    'records' AS source, 'project ' || service % ({series} // 5) AS project, true AS is_counted, false AS is_near_miss
FROM given;
CREATE TABLE intermediate.int_incident_starts AS
SELECT record_id, date_trunc('week', started_on)::DATE AS started_week_on FROM given;
CREATE TABLE intermediate.int_known_revisions AS
SELECT record_id, 'records' AS source, (started_on + even(n, 6, 30)::INTEGER)::TIMESTAMPTZ AS known_from FROM given;
CREATE TABLE intermediate.int_facets AS
SELECT record_id, 'root_cause' AS facet, planted('code ' || uneven(n, 7, 40), n) AS value FROM given
UNION ALL SELECT record_id, 'factor', planted('code ' || uneven(n, 8, 40), n) FROM given
UNION ALL SELECT record_id, 'factor', 'code ' || uneven(n, 9, 40) FROM given WHERE even(n, 10, 2) = 0
UNION ALL SELECT record_id, 'trigger', 'code ' || uneven(n, 11, 20) FROM given
UNION ALL SELECT record_id, 'artifact', planted('artifact ' || uneven(n, 12, 400), n) FROM given
UNION ALL SELECT record_id, 'service', 'service ' || service FROM given
UNION ALL SELECT record_id, 'team', 'team ' || service % ({series} // 5) FROM given
UNION ALL SELECT record_id, 'project', 'project ' || service % ({series} // 5) FROM given;
INSERT INTO intermediate.int_facets
SELECT record_id, 'event', md5(concat_ws('; ', started_on, category, list_sort(list(facet || ' ' || value))))
FROM intermediate.int_facets JOIN given USING (record_id)
WHERE facet NOT IN ('team', 'project')
GROUP BY record_id, started_on, category;
CREATE TABLE intermediate.int_action_scopes AS
SELECT record_id, 1 AS position, ['service service ' || service] AS places,
    [planted('code ' || uneven(n, 7, 40), n)] AS codes FROM given;
CREATE TABLE marts.incidents AS
SELECT record_id, category, true AS is_counted, started_on::TIMESTAMPTZ AS started_at,
    date_trunc('week', started_on)::DATE AS started_week_on
FROM given;
CREATE TABLE marts.incident_phases AS
SELECT record_id, 'mitigate' AS phase, 'computed' AS basis, 1.0 + even(n, 13, 900) AS minutes FROM given;
CREATE TABLE marts.causes AS
SELECT record_id, 'RC1' AS cause_id, planted('code ' || uneven(n, 7, 40), n) AS code FROM given;
CREATE TABLE marts.actions AS
SELECT * REPLACE (CASE WHEN in_force_on < DATE '2026-11-16' THEN in_force_on END AS in_force_on) FROM (
SELECT record_id, 1 AS position, 'A1' AS action_id, 'team ' || service % ({series} // 5) AS owner_team,
    started_on + 14 + even(n, 14, 60)::INTEGER AS in_force_on,
    in_force_on >= DATE '2026-11-16' AS is_open, ['RC1'] AS prevents
FROM given);
"""


def prepared(target: Path, incidents: int) -> None:
    """The invented warehouse, before any model of the analysis."""
    with warehouse.connect(target) as con:
        con.execute("CREATE SCHEMA raw; CREATE SCHEMA intermediate; CREATE SCHEMA marts")
        con.execute(DRAW)
        con.execute(INVENTED.format(incidents=incidents, weeks=WEEKS, series=max(incidents // 30, 10)))
