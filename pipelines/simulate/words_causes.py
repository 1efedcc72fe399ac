"""What the organisation's records say about causes: one entry per code, with `{a}` for the artifact it lay in.

Here: wording and how common a code is. Not here: which record has which code (facts.py, plan.py). Neutral by rule:
what was seen and what let it through, never who.
"""

from __future__ import annotations

from typing import NamedTuple


class Cause(NamedTuple):
    """A root cause: a clause for titles, the hypothesis, what is done about it, with which kind of measure."""

    weight: float
    clause: str
    statement: str
    action: str
    measure: str
    metric: str


ROOT_CAUSES = {
    "schema_change": Cause(
        8,
        "a column of {a} changed its type",
        "A column of {a} came with another type, and its reader cast it without a warning.",
        "Readers of {a} refuse columns of another type",
        "validation_rule",
        "casts without a declared type",
    ),
    "upstream_change": Cause(
        7,
        "the producer of {a} changed its meaning",
        "The producer of {a} changed what a value means; shape and volume stayed as they were.",
        "Changes of {a} are announced to its readers a release ahead",
        "model_risk_protocol",
        "changes announced late",
    ),
    "bad_deploy": Cause(
        9,
        "a release around {a}",
        "The release that touched {a} carried the fault; the version before it does not show it.",
        "Releases that touch {a} go out in steps of 5, 25 and 100 percent",
        "rollback",
        "share reached by a bad release",
    ),
    "config_change": Cause(
        8,
        "a setting of {a} was changed",
        "A setting of {a} was changed to a value outside the range it was tried with.",
        "Settings of {a} are checked against their tried range",
        "validation_rule",
        "settings outside their tried range",
    ),
    "dependency_failure": Cause(
        6,
        "what {a} depends on failed",
        "A store that {a} reads from answered with errors, and the errors were passed on.",
        "{a} falls back to its last good state",
        "rollback",
        "errors passed on",
    ),
    "capacity": Cause(
        7,
        "{a} ran out of headroom",
        "Demand on {a} was above what it had been sized for.",
        "Headroom of {a} is alerted on at 70 percent",
        "monitoring",
        "peak use in percent",
    ),
    "resource_leak": Cause(
        4,
        "{a} kept connections open",
        "Each refresh of {a} took a connection and never gave it back.",
        "Connections of {a} are closed after each refresh",
        "design",
        "open connections after a day",
    ),
    "code_defect": Cause(
        8,
        "a case {a} did not expect",
        "The code behind {a} treats an empty group as zero.",
        "A test with empty groups stands before {a}",
        "test",
        "failing cases",
    ),
    "concurrency": Cause(
        4,
        "two runs of {a} overlapped",
        "Two runs of {a} wrote the same partition at the same time.",
        "{a} takes a lock for each partition",
        "design",
        "overlapping runs",
    ),
    "pipeline_failure": Cause(
        7,
        "the job behind {a} ended early",
        "The job that makes {a} ended early and reported success.",
        "The job of {a} compares rows in and rows out before it reports success",
        "validation_rule",
        "runs that end early",
    ),
    "stale_feature": Cause(
        6,
        "{a} was served old",
        "Values of {a} were served older than anything downstream assumes.",
        "{a} carries its age, and readers refuse it beyond the limit",
        "validation_rule",
        "age in minutes",
    ),
    "data_drift": Cause(
        5,
        "{a} moved away from what was trained on",
        "The distribution of {a} moved away from the one thresholds were set on.",
        "Drift of {a} is measured daily against the training window",
        "monitoring",
        "population stability index",
    ),
    "training_serving_skew": Cause(
        4,
        "{a} was computed in two ways",
        "Training and serving compute {a} with different code.",
        "{a} is computed by one definition in both places",
        "design",
        "share of rows that differ",
    ),
    "threshold_miscalibrated": Cause(
        4,
        "a threshold on {a} had aged",
        "The threshold on {a} was set before volumes doubled.",
        "Thresholds on {a} are set anew each quarter",
        "model_risk_protocol",
        "age of the threshold in days",
    ),
    "certificate_or_secret": Cause(
        4,
        "a certificate of {a} expired",
        "The certificate that protects {a} expired, and its renewal had stopped.",
        "Certificates of {a} are renewed by the platform",
        "design",
        "certificates renewed by hand",
    ),
    "access_control": Cause(
        4,
        "a permission of {a} was narrowed",
        "The role that reads {a} lost a permission it needs once a day.",
        "Permissions of {a} are compared with a day of use before they change",
        "environment_check",
        "denied reads",
    ),
    "automation_error": Cause(
        4,
        "a clean-up reached {a}",
        "An automatic clean-up took part of {a} for unused.",
        "Clean-ups ask the lineage whether {a} has readers",
        "validation_rule",
        "partitions removed in use",
    ),
    "third_party_outage": Cause(
        5,
        "the vendor behind {a} was down",
        "The vendor that delivers part of {a} was down, and no other way was ready.",
        "A second way is ready for the vendor's part of {a}",
        "design",
        "minutes without delivery",
    ),
}
