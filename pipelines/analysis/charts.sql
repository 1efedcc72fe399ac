-- Limits of the charts that people draw of categories (D. J. Wheeler), over the last 52 full weeks, into analysis.process_charts:
-- individual weekly counts with the mean moving range where a week has one incident and more in the mean, else the days between
-- incidents. Limits are for pictures; whether a week left its routine range is said by analysis.baselines.

INSERT INTO analysis.process_charts BY NAME
WITH weeks AS (
    SELECT category, week_on, incidents, lag(incidents) OVER (PARTITION BY category ORDER BY week_on) AS before
    FROM (
        SELECT *, row_number() OVER (PARTITION BY category ORDER BY week_on DESC) AS age
        FROM marts.category_weeks
        WHERE is_full
    )
    WHERE age <= 52
),

weekly AS (
    SELECT
        category, count(*) AS points, sum(incidents)::BIGINT AS total, sum(abs(incidents - before))::BIGINT AS ranges,
        min(week_on) AS first_on, max(week_on) + 6 AS last_on
    FROM weeks
    GROUP BY category
),

starts AS (
    SELECT
        weekly.category, timezone('UTC', incidents.started_at)::DATE AS started_on, incidents.record_id
    FROM weekly
    JOIN marts.incidents AS incidents ON coalesce(incidents.category, 'unknown') = weekly.category
    WHERE incidents.is_counted AND incidents.started_week_on IS NOT NULL
        AND timezone('UTC', incidents.started_at)::DATE BETWEEN first_on AND last_on
),

gaps AS (
    SELECT
        category, started_on, record_id,
        date_diff('day', lag(started_on) OVER (PARTITION BY category ORDER BY started_on, record_id), started_on) AS days
    FROM starts
),

ranged AS (
    SELECT *, days - lag(days) OVER (PARTITION BY category ORDER BY started_on, record_id) AS change FROM gaps
),

between_days AS (
    SELECT category, count(days) AS points, sum(days)::BIGINT AS total, sum(abs(change))::BIGINT AS ranges
    FROM ranged
    GROUP BY category
),

chosen AS (
    SELECT category, 'weekly counts' AS chart, first_on, last_on, points, total, ranges FROM weekly WHERE total >= points
    UNION ALL
    SELECT weekly.category, 'days between', first_on, last_on, between_days.points, between_days.total, between_days.ranges
    FROM weekly
    JOIN between_days ON weekly.category = between_days.category
    WHERE weekly.total < weekly.points
)

SELECT
    category, chart, first_on, last_on, points,
    round(total / points, 6) AS centre,
    round(greatest(total / points - 2.66 * ranges / (points - 1), 0), 6) AS low,
    round(total / points + 2.66 * ranges / (points - 1), 6) AS high,
    'xmr-1' AS method
FROM chosen
WHERE points >= 2
ORDER BY category;
