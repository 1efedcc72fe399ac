-- From the temporary tables `sets` (combinations looked up), `lines` (which of them are lines) and `members` (their records).
-- Where a line is named by a triple but was found by a pair in it, p, q and EB05 are the pair's.

INSERT INTO analysis.fault_line_incidents BY NAME
SELECT
    sets.line_id, members.record_id,
    lines.place = min(lines.place) OVER (PARTITION BY members.record_id) AS is_counted_here
FROM lines
JOIN sets USING (set_no)
JOIN members USING (set_no)
ORDER BY sets.line_id, members.record_id;

INSERT INTO analysis.fault_lines BY NAME
WITH incidents AS (
    SELECT
        held.line_id, held.record_id, held.is_counted_here, incidents.category, incidents.started_at,
        -- a start of which only month or year is known, or which cannot be, is on no day
        CASE WHEN incidents.started_week_on IS NOT NULL THEN timezone('UTC', incidents.started_at)::DATE END AS started_on,
        phases.minutes
    FROM analysis.fault_line_incidents AS held
    JOIN marts.incidents AS incidents USING (record_id)
    LEFT JOIN marts.incident_phases AS phases
        ON phases.record_id = held.record_id AND phases.phase = 'mitigate' AND phases.basis = 'computed'
),

summed AS (
    SELECT
        line_id,
        count(*) FILTER (is_counted_here) AS incidents_once,
        CASE WHEN count(DISTINCT category) = 1 AND count(*) = count(category) THEN min(category) END AS category,
        min(started_on) AS first_on, max(started_on) AS last_on,
        count(minutes) AS of_minutes,
        sum(round(minutes)::BIGINT)::BIGINT AS minutes,
        round(max(round(minutes)::BIGINT) / nullif(sum(round(minutes)::BIGINT), 0), 4) AS largest_share
    FROM incidents
    GROUP BY line_id
),

owners AS (
    SELECT
        line_id,
        count(DISTINCT value) FILTER (facet = 'team') AS teams,
        count(DISTINCT value) FILTER (facet = 'project') AS projects
    FROM analysis.fault_line_incidents
    JOIN intermediate.int_facets USING (record_id)
    GROUP BY line_id
),

-- an action is against a line when a record on the line says that it prevents a cause which the line names
acted AS (
    SELECT
        sets.line_id, actions.record_id, actions.action_id, actions.in_force_on AS implemented_on,
        row_number() OVER (
            PARTITION BY sets.line_id ORDER BY actions.in_force_on DESC, actions.record_id, actions.position
        ) AS place
    FROM lines
    JOIN sets USING (set_no)
    JOIN analysis.fault_line_incidents AS held USING (line_id)
    JOIN marts.actions AS actions USING (record_id)
    JOIN marts.causes AS causes ON causes.record_id = held.record_id AND list_contains(actions.prevents, causes.cause_id)
    WHERE actions.in_force_on IS NOT NULL AND causes.code IN (sets.root_cause, sets.factor, sets.trigger)
),

last_action AS (SELECT * FROM acted WHERE place = 1),

since AS (
    SELECT last_action.line_id, count(*) AS incidents_since
    FROM last_action
    JOIN incidents
        ON incidents.line_id = last_action.line_id AND incidents.started_on >= last_action.implemented_on
        AND incidents.record_id <> last_action.record_id
    GROUP BY last_action.line_id
)

SELECT
    sets.line_id, lines.place AS rank, sets.root_cause, sets.factor, sets.trigger, sets.artifact, sets.service,
    CASE WHEN lines.found_by <> lines.set_no
        THEN concat_ws(' × ', core.root_cause, core.factor, core.trigger, core.artifact, core.service) END AS found_by,
    summed.category, sets.incidents, summed.incidents_once, size.of_incidents,
    coalesce(owners.teams, 0) AS teams, coalesce(owners.projects, 0) AS projects,
    sets.expected, round(sets.incidents / greatest(sets.expected, 1e-6), 4) AS ratio, lines.ratio_low, lines.ratio_high,
    lines.p AS p_value, lines.q AS q_value, sets.of_sets AS looks, lines.ebgm, lines.eb05,
    summed.first_on, summed.last_on, summed.minutes, summed.of_minutes, summed.largest_share,
    last_action.record_id AS last_action_record_id, last_action.action_id AS last_action_id,
    last_action.implemented_on AS last_action_on,
    CASE WHEN last_action.line_id IS NOT NULL THEN coalesce(since.incidents_since, 0) END AS incidents_since,
    'fault-lines-1' AS method
FROM lines
JOIN sets USING (set_no)
JOIN sets AS core ON core.set_no = lines.found_by
JOIN summed ON summed.line_id = sets.line_id
CROSS JOIN (SELECT count(*) AS of_incidents FROM marts.incidents WHERE is_counted) AS size
LEFT JOIN owners ON owners.line_id = sets.line_id
LEFT JOIN last_action ON last_action.line_id = sets.line_id
LEFT JOIN since ON since.line_id = sets.line_id
ORDER BY lines.place;
