-- Kaplan–Meier curves with censoring on T, into analysis.survival: how long actions stay open, and how long it takes until an
-- incident comes back in the scope of an action put into effect. Greenwood's variance under log(-log S), which stays in 0 to 1.

INSERT INTO analysis.survival BY NAME
WITH today AS (SELECT timezone('UTC', as_of)::DATE AS today_on FROM raw.as_of),

first_known AS (SELECT record_id, min(known_from) AS known_from FROM intermediate.int_known_revisions GROUP BY record_id),

spans AS (
    SELECT
        'action_closure' AS curve,
        date_diff('day', timezone('UTC', known_from)::DATE, coalesce(in_force_on, today_on)) AS days,
        in_force_on IS NOT NULL AS is_event
    FROM marts.actions
    JOIN first_known USING (record_id)
    CROSS JOIN today
    WHERE is_open OR in_force_on IS NOT NULL
    UNION ALL
    SELECT
        'recurrence',
        date_diff('day', after_from, coalesce(recurred_on, today_on)),
        recurred_on IS NOT NULL
    FROM recurred CROSS JOIN today
),

days AS (
    SELECT curve, days, count(*) AS n, count(*) FILTER (is_event) AS events
    FROM spans
    WHERE days >= 0
    GROUP BY curve, days
),

at_risk AS (
    SELECT
        *, sum(n) OVER (PARTITION BY curve ORDER BY days ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS at_risk
    FROM days
),

steps AS (
    SELECT
        curve, days, at_risk, events, n - events AS censored,
        sum(CASE WHEN events < at_risk THEN ln(1 - events / at_risk) END) OVER so_far AS log_survival,
        max((events = at_risk)::INTEGER) OVER so_far = 1 AS is_over,
        sum(CASE WHEN events < at_risk THEN events / (at_risk * (at_risk - events)) END) OVER so_far AS variance
    FROM at_risk
    WINDOW so_far AS (PARTITION BY curve ORDER BY days ROWS UNBOUNDED PRECEDING)
)

SELECT
    curve, days, at_risk::BIGINT AS at_risk, events, censored,
    round(CASE WHEN is_over THEN 0 ELSE exp(coalesce(log_survival, 0)) END, 12) AS survival,
    CASE WHEN NOT is_over AND log_survival < 0
        THEN round(exp(log_survival * exp(1.959963984540054 * sqrt(variance) / -log_survival)), 12) END AS survival_low,
    CASE WHEN NOT is_over AND log_survival < 0
        THEN round(exp(log_survival * exp(-1.959963984540054 * sqrt(variance) / -log_survival)), 12) END AS survival_high,
    'kaplan-meier-1' AS method
FROM steps
ORDER BY curve, days;
