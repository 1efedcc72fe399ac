"""The invented organisation: who owns what, what is made from what. The same for every seed.

Here: names and their places. Not here: what goes wrong (plan.py), how often (weeks.py). Names of teams, services and
data only; no person has a name here, not even an invented one.
"""

from __future__ import annotations

from typing import NamedTuple


class Service(NamedTuple):
    """One service; its project decides team and domain, so that a project's records agree with each other."""

    name: str
    project: str
    region: str


class Project(NamedTuple):
    """One line of work, owned by one team."""

    name: str
    team: str
    domain: str


class Artifact(NamedTuple):
    """Something a fault can lie in; `made_from` names what it is derived from."""

    name: str
    kind: str
    made_from: tuple[str, ...] = ()


PROJECTS = {
    project.name: project
    for project in (
        Project("parcel-promise", "delivery-models", "logistics"),
        Project("route-planning", "routing", "logistics"),
        Project("stock-forecast", "demand-models", "logistics"),
        Project("instalment-credit", "credit-models", "finance"),
        Project("payment-risk", "payment-risk", "finance"),
        Project("shop-search", "search", "retail"),
        Project("recommendations", "ranking", "retail"),
        Project("price-engine", "pricing", "retail"),
        Project("customer-care", "care-automation", "support"),
        Project("feature-platform", "feature-platform", "platform"),
        Project("model-serving", "serving", "platform"),
        Project("data-lake", "data-platform", "platform"),
    )
}
SERVICES = (
    Service("promise-api", "parcel-promise", "eu-north"),
    Service("carrier-gateway", "parcel-promise", "eu-west"),
    Service("route-solver", "route-planning", "eu-north"),
    Service("driver-app-api", "route-planning", "eu-west"),
    Service("replenishment", "stock-forecast", "eu-west"),
    Service("forecast-batch", "stock-forecast", "eu-north"),
    Service("instalment-decision", "instalment-credit", "eu-west"),
    Service("limit-check", "instalment-credit", "eu-west"),
    Service("payment-screening", "payment-risk", "eu-west"),
    Service("chargeback-desk", "payment-risk", "us-east"),
    Service("search-api", "shop-search", "eu-west"),
    Service("query-rewriter", "shop-search", "us-east"),
    Service("home-ranking", "recommendations", "us-east"),
    Service("basket-suggestions", "recommendations", "eu-west"),
    Service("price-quote", "price-engine", "eu-west"),
    Service("chat-triage", "customer-care", "us-east"),
    Service("refund-assistant", "customer-care", "eu-west"),
    Service("online-feature-store", "feature-platform", "eu-west"),
    Service("model-gateway", "model-serving", "eu-west"),
    Service("event-stream", "data-lake", "eu-north"),
)
MODELS = (
    "delivery-time", "route-cost", "demand-weekly", "credit-risk", "card-risk", "search-relevance",
    "query-intent", "home-rank", "basket-next", "price-response", "ticket-topic", "refund-amount",
)  # fmt: skip
DATASETS = (
    "parcel_events", "carrier_rates", "depot_calendar", "orders_hourly", "stock_levels", "product_catalogue",
    "payments_settled", "credit_bureau_extract", "chargebacks", "search_clicks", "page_views", "price_history",
    "support_tickets", "customer_profiles",
)  # fmt: skip
PIPELINES = (
    Artifact("parcel-sessions", "pipeline", ("parcel_events", "carrier_rates")),
    Artifact("orders-compaction", "pipeline", ("orders_hourly", "stock_levels")),
    Artifact("settlement-load", "pipeline", ("payments_settled", "chargebacks")),
    Artifact("click-join", "pipeline", ("search_clicks", "page_views")),
    Artifact("profile-merge", "pipeline", ("customer_profiles", "credit_bureau_extract")),
    Artifact("catalogue-sync", "pipeline", ("product_catalogue", "price_history")),
)
FEATURE_VIEWS = (
    Artifact("parcel_delay_7d", "feature_view", ("parcel-sessions", "depot_calendar")),
    Artifact("order_velocity", "feature_view", ("orders-compaction",)),
    Artifact("card_history_90d", "feature_view", ("settlement-load",)),
    Artifact("item_popularity", "feature_view", ("click-join", "catalogue-sync")),
    Artifact("customer_tenure", "feature_view", ("profile-merge",)),
    Artifact("price_position", "feature_view", ("catalogue-sync",)),
    Artifact("query_embedding", "feature_view", ("search_clicks",)),
    Artifact("ticket_backlog", "feature_view", ("support_tickets",)),
)
CONFIGS = (
    Artifact("fallback-rules", "config"),
    Artifact("serving-limits", "config"),
    Artifact("drift-thresholds", "config"),
)
# Where a fault may lie. Every root cause may lie in every one of these: code, artifact and factor are independent but
# for what plan.py plants, and a choice that followed the category would look like a fault line.
ARTIFACTS = (*(Artifact(name, "dataset") for name in DATASETS), *PIPELINES, *FEATURE_VIEWS, *CONFIGS)
BY_NAME = {artifact.name: artifact for artifact in ARTIFACTS}


def project_of(service: Service) -> Project:
    """The project a service belongs to, and with it the team and the domain."""
    return PROJECTS[service.project]


def described() -> dict:
    """The organisation as the truth file tells it."""
    return {
        "teams": [{"name": project.team, "projects": [project.name]} for project in PROJECTS.values()],
        "services": [
            {"name": one.name, "project": one.project, "team": project_of(one).team, "region": one.region}
            for one in SERVICES
        ],
        "models": [{"name": name} for name in MODELS],
        "feature_views": [{"name": one.name, "made_from": list(one.made_from)} for one in FEATURE_VIEWS],
        "pipelines": [{"name": one.name, "made_from": list(one.made_from)} for one in PIPELINES],
        "datasets": [{"name": name} for name in DATASETS],
        "configs": [{"name": one.name} for one in CONFIGS],
        "domains": sorted({project.domain for project in PROJECTS.values()}),
        "projects": [project._asdict() for project in PROJECTS.values()],
    }
