"""What the organisation's records say about contributing factors and triggers: one entry per code.

Here: wording and how common a code is. Not here: root causes (words_causes.py). Neutral by rule: what was missing and
why it had not been seen, never who.
"""

from __future__ import annotations

from typing import NamedTuple


class Factor(NamedTuple):
    """A contributing factor: what was missing, why nobody saw it before, what is done about it."""

    weight: float
    text: str
    unseen: str
    action: str
    measure: str


FACTORS = {
    "missing_data_contract": Factor(
        8,
        "No contract says what the data holds and how fresh it is.",
        "Producer and reader had always changed in the same week.",
        "Agree a data contract with the producer",
        "model_risk_protocol",
    ),
    "missing_validation": Factor(
        9,
        "No check stood between the input and its use.",
        "Bad input had always been rejected further up.",
        "Check ranges and null shares before use",
        "validation_rule",
    ),
    "monitoring_gap": Factor(
        9,
        "Nothing watched the figure that moved first.",
        "The figures that were watched had always moved with it.",
        "Alert on the figure that moved first",
        "monitoring",
    ),
    "alert_fatigue": Factor(
        6,
        "The alert fired among forty others of the same hour.",
        "Most of the forty had needed no action for months.",
        "Retire alerts that led to no action in a quarter",
        "monitoring",
    ),
    "check_disabled": Factor(
        5,
        "The check that covers this case was muted during a migration.",
        "A mute has no end date and shows nowhere.",
        "Mutes end by themselves after a week",
        "design",
    ),
    "runbook_gap": Factor(
        7,
        "The runbook does not cover this case and starts with a restart.",
        "A restart had helped each time before.",
        "Write the case into the runbook",
        "training",
    ),
    "ownership_gap": Factor(
        6,
        "Two teams each took the other for the owner.",
        "Nothing had changed there since the last reorganisation.",
        "Name one owning team in the catalogue",
        "model_risk_protocol",
    ),
    "governance_gap": Factor(
        5,
        "The change needed no approval although it moves decisions.",
        "The rule was written for models and not for their inputs.",
        "Inputs of models fall under change control",
        "model_risk_protocol",
    ),
    "communication_gap": Factor(
        6,
        "Those who knew of the change did not reach those on duty.",
        "The announcement goes to a list that the readers are not on.",
        "Announce changes in the channel of the readers",
        "training",
    ),
    "untested_path": Factor(
        8,
        "The path had never run with data of production's size.",
        "Staging holds a hundredth of the data.",
        "Rehearse the path with a full day of data",
        "test",
    ),
    "evaluation_gap": Factor(
        6,
        "The evaluation before release had no slice for these cases.",
        "The overall figure hides a slice of two percent.",
        "Add the slice to the evaluation before release",
        "test",
    ),
    "rollback_failed": Factor(
        4,
        "The way back needed a backup that no longer fits the schema.",
        "The way back had last been tried a year before.",
        "Try the way back each quarter",
        "rollback",
    ),
}
TRIGGERS = {
    "bad_deploy": (6, "A release went out."),
    "config_change": (6, "A setting was switched on for everybody."),
    "upstream_change": (6, "The producer's new version went live."),
    "capacity": (4, "The daily peak was higher than any before it."),
    "dependency_failure": (4, "A shared store restarted."),
    "data_drift": (3, "A campaign brought visitors of a new kind."),
    "third_party_outage": (3, "A partner's maintenance took longer than announced."),
    "automation_error": (3, "The nightly clean-up ran."),
}
