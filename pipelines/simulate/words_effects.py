"""What the organisation's records say about effects: subcategories, metrics, lessons, questions of decisions.

Here: wording with {s} for the service, {m} for a model, {n} for a number. Not here: causes (words_causes.py), numbers.
"""

from __future__ import annotations

CATEGORIES = ("service_degradation", "data_quality_anomaly", "model_performance_regression")
# Per category: subcategory → weight, and how a title says it.
EFFECTS = {
    "service_degradation": {
        "high_latency": (6, "Answers of {s} took {n} times as long"),
        "elevated_errors": (6, "{s} answered {n} percent of requests with errors"),
        "partial_outage": (5, "{s} failed for one region in {n}"),
        "outage": (2, "{s} answered nobody"),
        "wrong_answers": (3, "{s} answered {n} requests from the wrong rule set"),
        "deployment_failure": (2, "A release of {s} stood still at {n} percent"),
        "access_loss": (2, "{n} internal clients could not reach {s}"),
    },
    "data_quality_anomaly": {
        "missing_data": (6, "{n} percent of rows were missing behind {s}"),
        "late_data": (5, "Data behind {s} came {n} hours late"),
        "duplicate_data": (4, "{n} percent of rows behind {s} stood twice"),
        "schema_break": (4, "{n} columns behind {s} could not be read"),
        "unit_or_meaning_change": (4, "Amounts behind {s} were off by a factor of {n}"),
        "corrupted_data": (2, "{n} partitions behind {s} were overwritten"),
        "data_quality": (4, "{n} percent of values behind {s} were out of range"),
    },
    "model_performance_regression": {
        "accuracy_loss": (6, "{m} in {s} lost {n} points of recall"),
        "calibration_loss": (4, "Scores of {m} in {s} were {n} points too high"),
        "data_drift": (5, "Inputs of {m} in {s} moved by {n} percent"),
        "concept_drift": (4, "{m} in {s} missed {n} percent of a new pattern"),
        "training_serving_mismatch": (4, "{m} in {s} saw other values than in training for {n} percent of cases"),
        "feedback_loop": (2, "{m} in {s} repeated its own choices in {n} percent of cases"),
        "unfair_outcome": (2, "{m} in {s} refused one group {n} percent more often"),
    },
}
OTHER_TITLES = {
    "near_miss": "Caught before use: {t}",
    "exercise": "Game day: {t}",
    "maintenance": "Planned work on {s}",
    "vulnerability": "Found in a review: a way to make {s} accept unchecked input",
    "false_positive": "Alarm without a cause on {s}",
}
SUMMARIES = {
    "incident": "For {n} minutes {s} gave its users late or wrong answers. It is over.",
    "near_miss": "A fault on its way to {s} was caught before anybody was affected.",
    "exercise": "A rehearsal on {s}. Nobody was affected.",
    "maintenance": "Planned work on {s}, announced and over.",
    "vulnerability": "A weakness of {s} was found; as far as is known it was not used.",
    "false_positive": "An alarm on {s} had nothing behind it.",
}
METRICS = {
    "service_degradation": ("error_share", "p99_seconds", "timeout_share"),
    "data_quality_anomaly": ("null_share", "missing_row_share", "age_hours"),
    "model_performance_regression": ("psi", "calibration_gap", "recall_loss"),
}
OBJECTIVES = ("answered-in-time-99.9", "complete-by-six-99.5", "recall-within-two-points")
HARMS = {
    "financial": "Customers paid or waited more than they should have.",
    "fairness": "One group of customers was treated worse than others.",
    "reputation": "Partners asked why figures did not agree.",
    "rights": "Some customers could not use what they are entitled to.",
}
WENT_WELL = (
    "The way back was ready and took minutes",
    "The first look was at the right dashboard",
    "Support had a text within the hour",
    "The fallback decided every case",
    "Two teams worked in one channel from the start",
    "The handover between shifts was written down",
)
WENT_WRONG = (
    "The alert came after the first call",
    "The wrong component was restarted first",
    "No figure showed how many were affected",
    "The owner was found after an hour",
    "The runbook led elsewhere",
    "Staging looked healthy throughout",
)
LUCKY = (
    "It was outside the daily peak",
    "A release that depends on it had been moved",
    "The largest customer was on holiday",
    "A test was running that showed it",
)
SURPRISES = (
    "A green check does not mean that rows were read",
    "Two dashboards use two definitions of an error",
    "Nobody reads the field that everybody fills in",
)
DECISIONS = (
    ("Roll back, or repair in place?", "Roll back, and repair behind a flag."),
    ("Hold automatic decisions until the repair?", "Keep them, with the fallback for affected cases."),
    ("Compute the affected period again?", "Compute it again from the raw data, without sending anything twice."),
    ("Freeze releases for the week?", "Freeze releases of this service alone."),
)
RISKS = (
    "A second occurrence before the repair is complete",
    "Figures of one day stay approximate",
    "The fallback is less exact for new customers",
)
FUNCTIONS = ("data_engineering", "data_science", "ml_tooling", "software_engineering", "platform", "on_call")
FEEDBACK = (
    "A scenario cannot say in which environment it was run.",
    "Two rows of the timeline that contradict each other cannot be marked as such.",
    "The section on levers repeats part of the analysis.",
)
