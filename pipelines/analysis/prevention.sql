-- Incidents and days before and after each action (its scope: int_action_scopes) and each fault line's last action, into the
-- temporary table `compared`. Scopes are few where actions are many: incidents are found once for each scope, and each
-- action then looks up how many of them lie before a day. Records that repeat another (int_repeats) are no further incident.

-- One row per scope. Lists of names are compared by a digest of 128 bits: as lists they cost twice as much (900,000 actions,
-- 2026-11-25).
CREATE OR REPLACE TEMP TABLE scopes AS
SELECT row_number() OVER (ORDER BY digest) AS scope, dense_rank() OVER (ORDER BY md5_number(to_json(places))) AS place_no, *
FROM (
    SELECT md5_number(to_json([places, codes])) AS digest, any_value(places) AS places, any_value(codes) AS codes
    FROM intermediate.int_action_scopes
    GROUP BY digest
);

CREATE OR REPLACE TEMP TABLE judged_actions AS
SELECT
    'action' AS unit, actions.record_id, actions.position, actions.action_id, NULL::VARCHAR AS line_id,
    actions.owner_team, held.places, held.codes, scopes.scope, scopes.place_no, actions.in_force_on AS implemented_on,
    timezone('UTC', incidents.started_at)::DATE AS triggered_on
FROM marts.actions AS actions
JOIN intermediate.int_action_scopes AS held USING (record_id, position)
JOIN scopes ON scopes.digest = md5_number(to_json([held.places, held.codes]))
JOIN marts.incidents AS incidents USING (record_id)
WHERE incidents.is_counted AND incidents.started_week_on IS NOT NULL
    AND (actions.in_force_on IS NOT NULL OR actions.is_open)
UNION ALL
SELECT
    'fault_line', last_action_record_id, NULL, last_action_id, line_id, NULL, [], [], -rank, -rank, last_action_on,
    timezone('UTC', incidents.started_at)::DATE
FROM analysis.fault_lines
LEFT JOIN marts.incidents AS incidents
    ON incidents.record_id = fault_lines.last_action_record_id AND incidents.started_week_on IS NOT NULL;

CREATE OR REPLACE TEMP TABLE in_scope AS
WITH wanted AS (
    SELECT scope, place, unnest(codes) AS code FROM (SELECT scope, unnest(places) AS place, codes FROM scopes)
),
held AS (
    SELECT places.record_id, places.facet || ' ' || places.value AS place, codes.value AS code
    FROM intermediate.int_facets AS places
    JOIN intermediate.int_facets AS codes USING (record_id)
    WHERE places.facet IN ('service', 'artifact') AND codes.facet IN ('root_cause', 'factor')
),
found AS (
    SELECT DISTINCT scope, record_id
    FROM wanted
    JOIN held USING (place, code)
    ANTI JOIN intermediate.int_repeats USING (record_id)
    UNION ALL
    SELECT -rank, record_id FROM analysis.fault_line_incidents JOIN analysis.fault_lines USING (line_id)
),
days AS (
    SELECT scope, timezone('UTC', incidents.started_at)::DATE AS started_on, count(*) AS n
    FROM found JOIN marts.incidents AS incidents USING (record_id)
    WHERE incidents.started_week_on IS NOT NULL
    GROUP BY ALL
)
SELECT scope, started_on, sum(n) OVER (PARTITION BY scope ORDER BY started_on)::BIGINT AS so_far FROM days;

-- All incidents at the places of a scope, whatever their code, and those of them that name none: a cause not found yet, or
-- found under another code than before, is no incident prevented.
CREATE OR REPLACE TEMP TABLE at_places AS
WITH wanted AS (
    SELECT DISTINCT place_no, unnest(places) AS place FROM scopes
    UNION ALL
    SELECT -rank, unnest(['artifact ' || artifact, 'service ' || service]) FROM analysis.fault_lines
),
held AS (SELECT record_id, facet || ' ' || value AS place FROM intermediate.int_facets WHERE facet IN ('service', 'artifact')),
coded AS (SELECT DISTINCT record_id FROM intermediate.int_facets WHERE facet IN ('root_cause', 'factor')),
found AS (
    SELECT DISTINCT place_no, record_id FROM wanted JOIN held USING (place) ANTI JOIN intermediate.int_repeats USING (record_id)
),
days AS (
    SELECT
        place_no, timezone('UTC', incidents.started_at)::DATE AS started_on,
        count(*) AS n, count(*) FILTER (coded.record_id IS NULL) AS uncoded
    FROM found
    JOIN marts.incidents AS incidents USING (record_id)
    LEFT JOIN coded USING (record_id)
    WHERE incidents.started_week_on IS NOT NULL
    GROUP BY ALL
)
SELECT
    place_no, started_on, sum(n) OVER so_far::BIGINT AS so_far, sum(uncoded) OVER so_far::BIGINT AS uncoded_so_far
FROM days
WINDOW so_far AS (PARTITION BY place_no ORDER BY started_on);

-- by the row of judged_actions and numbers alone: with its words each lookup by day took twice as long
CREATE OR REPLACE TEMP TABLE compared AS
WITH unfiled AS (
    SELECT age_days, sum(round(1e6 * (1 - filed_share))::BIGINT) OVER (ORDER BY age_days) / 1e6 AS days_unfiled
    FROM analysis.filed_shares
),
bounds AS (
    SELECT
        (SELECT min(week_on) FROM marts.category_weeks) AS first_on,
        (SELECT timezone('UTC', as_of)::DATE FROM raw.as_of) AS today_on
),
dated AS (
    SELECT
        judged_actions.rowid AS place, scope, place_no, implemented_on, triggered_on - 7 * $trigger_weeks AS before_to,
        -- the incident that led to an action is none of what came after it, even where both are of one day
        coalesce(greatest(implemented_on, triggered_on + 1), today_on) AS after_from, today_on, first_on
    FROM judged_actions CROSS JOIN bounds
),
-- all counted incidents, in scope or not, up to the day before each day from the first to T
running AS (
    SELECT day_on, coalesce(sum(n) OVER (ORDER BY day_on ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::BIGINT AS so_far
    FROM (SELECT unnest(generate_series(first_on, today_on + 1, INTERVAL 1 DAY))::DATE AS day_on FROM bounds)
    LEFT JOIN (
        SELECT timezone('UTC', started_at)::DATE AS day_on, count(*) AS n
        FROM marts.incidents
        ANTI JOIN intermediate.int_repeats USING (record_id)
        WHERE is_counted AND started_week_on IS NOT NULL
        GROUP BY ALL
    ) USING (day_on)
),
ends AS (SELECT scope, max(so_far) AS so_far FROM in_scope CROSS JOIN bounds WHERE started_on <= today_on GROUP BY scope),
place_ends AS (
    SELECT place_no, max(so_far) AS so_far, max(uncoded_so_far) AS uncoded_so_far
    FROM at_places CROSS JOIN bounds
    WHERE started_on <= today_on
    GROUP BY place_no
),
counted AS (
    SELECT
        dated.*,
        coalesce(till_before.so_far, 0) AS incidents_before,
        coalesce(till_after.so_far, 0) AS till_action,
        coalesce(till_today.so_far, 0) AS till_today,
        coalesce(places_before.so_far, 0) AS places_before,
        coalesce(places_today.so_far, 0) - coalesce(places_action.so_far, 0) AS places_after,
        coalesce(places_before.uncoded_so_far, 0) AS uncoded_before,
        coalesce(places_today.uncoded_so_far, 0) - coalesce(places_action.uncoded_so_far, 0) AS uncoded_after,
        coalesce(all_before.so_far, 0) AS all_before,
        (SELECT max(so_far) FROM running) - coalesce(all_after.so_far, 0) AS all_after
    FROM dated
    ASOF LEFT JOIN in_scope AS till_before ON dated.scope = till_before.scope AND dated.before_to > till_before.started_on
    ASOF LEFT JOIN in_scope AS till_after ON dated.scope = till_after.scope AND dated.after_from > till_after.started_on
    ASOF LEFT JOIN at_places AS places_before
        ON dated.place_no = places_before.place_no AND dated.before_to > places_before.started_on
    ASOF LEFT JOIN at_places AS places_action
        ON dated.place_no = places_action.place_no AND dated.after_from > places_action.started_on
    LEFT JOIN place_ends AS places_today ON dated.place_no = places_today.place_no
    LEFT JOIN ends AS till_today ON dated.scope = till_today.scope
    LEFT JOIN running AS all_before ON dated.before_to = all_before.day_on
    LEFT JOIN running AS all_after ON dated.after_from = all_after.day_on
)
SELECT
    place,
    after_from,
    implemented_on IS NOT NULL AS is_implemented,
    incidents_before,
    all_before - incidents_before AS others_before,
    all_after - (till_today - till_action) AS others_after,
    greatest(before_to - first_on, 0)::BIGINT AS days_before,
    greatest(till_action - incidents_before, 0) AS incidents_left_out,
    CASE WHEN implemented_on IS NOT NULL THEN till_today - till_action END AS incidents_after,
    uncoded_before,
    CASE WHEN implemented_on IS NOT NULL THEN uncoded_after END AS uncoded_after,
    greatest(places_before - incidents_before, 0) AS beside_before,
    CASE WHEN implemented_on IS NOT NULL THEN greatest(places_after - (till_today - till_action), 0) END AS beside_after,
    CASE WHEN implemented_on IS NOT NULL THEN greatest(today_on - after_from, 0)::BIGINT END AS days_after,
    CASE WHEN implemented_on IS NOT NULL THEN coalesce(unfiled.days_unfiled, 0) END AS days_unfiled
FROM counted
LEFT JOIN unfiled
    ON least(greatest(today_on - after_from, 0), (SELECT max(age_days) FROM analysis.filed_shares)) = unfiled.age_days;

-- When an incident first came back in the scope of an action put into effect; NULL where none did by T.
CREATE OR REPLACE TEMP TABLE recurred AS
SELECT acted.after_from, CASE WHEN first.started_on <= acted.today_on THEN first.started_on END AS recurred_on
FROM (
    SELECT scope, greatest(implemented_on, triggered_on + 1) AS after_from, today_on
    FROM judged_actions CROSS JOIN (SELECT timezone('UTC', as_of)::DATE AS today_on FROM raw.as_of)
    WHERE unit = 'action' AND implemented_on IS NOT NULL
) AS acted
ASOF LEFT JOIN in_scope AS first ON acted.scope = first.scope AND acted.after_from <= first.started_on;
