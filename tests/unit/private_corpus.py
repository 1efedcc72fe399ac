"""Texts that hold what nobody may read, and texts that only look so: drawn anew from a seed, so that nothing is written
down that a scanner of this repository would take for a secret.

Here: one function for each kind. Not here: assertions.
"""

from __future__ import annotations

import base64
import json
import random
import string
import uuid

UPPER_DIGITS = string.ascii_uppercase + string.digits
ALNUM = string.ascii_letters + string.digits
URL_SAFE = ALNUM + "-_"
BASE64 = ALNUM + "+/"
HEX = "0123456789abcdef"
AROUND = (
    "{}", "The key {} was in the log.", "rotated ({}) at 06:40Z", "see `{}` in the job", "curl -H '{}'\nand then",
    "value={}", '"{}"', "{}, then the retry", "It was {}", "Found in settings.py:\n    {}\n",
)  # fmt: skip


def text(rng: random.Random, alphabet: str, length: int) -> str:
    return "".join(rng.choices(alphabet, k=length))


def _b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _jwt(rng: random.Random) -> str:
    head, body = ({"alg": "RS256", "typ": "JWT"}, {"sub": str(rng.randrange(10**9)), "iat": rng.randrange(10**9)})
    return ".".join((_b64(json.dumps(head).encode()), _b64(json.dumps(body).encode()), _b64(rng.randbytes(32))))


def _private_key(rng: random.Random) -> str:
    kind = rng.choice(("RSA ", "EC ", "OPENSSH ", "", "ENCRYPTED "))
    body = "\n".join(text(rng, BASE64, 64) for _ in range(4))
    return f"-----BEGIN {kind}PRIVATE KEY-----\n{body}\n-----END {kind}PRIVATE KEY-----"


def _password(rng: random.Random) -> str:
    return text(rng, string.ascii_letters, 6) + text(rng, string.digits, 3) + text(rng, ALNUM + "!#%+", 3)


def _luhn(rng: random.Random) -> str:
    digits = [int(c) for c in rng.choice(("4", "51", "55", "2221")) + text(rng, string.digits, 15)][:15]
    doubled = sum(sum(divmod(2 * digit, 10)) for digit in digits[-1::-2])
    digits.append(-(sum(digits[-2::-2]) + doubled) % 10)
    number = "".join(map(str, digits))
    return rng.choice((" ", "-")).join(number[n : n + 4] for n in range(0, 16, 4))


def _iban(rng: random.Random) -> str:
    body = text(rng, string.digits, 18)
    check = 98 - int(body + "131400") % 97
    plain = f"DE{check:02d}{body}"
    return "IBAN " + rng.choice((plain, " ".join(plain[n : n + 4] for n in range(0, 22, 4))))


def _phone(rng: random.Random) -> str:
    line = text(rng, string.digits, 4)
    return rng.choice((
        f"+1 415 555 {line}", f"+1 (212) 555-{line}", f"+49 30 2345{line}", f"+4530{text(rng, '123456789', 2)}{line}",
        f"+44 20 7946 {line}", f"+33 1 42 68 {line[:2]} {line[2:]}", f"+91 98765 4{line}", f"(415) 555-{line}",
        f"212-555-{line}", f"Tel.: 030 / 2345{line}", f"phone 0151 2345{line}",
        f"mobile: 06 12 34 {line[:2]} {line[2:]}",
    ))  # fmt: skip


def _email(rng: random.Random) -> str:
    name = rng.choice(("ada", "jo.smith", "m+alerts", "j_doe", "jürgen", "o.nyström", "r-f"))
    host = rng.choice(("example.org", "mail.example.co.uk", "müller.example", "corp-eu.example.com"))
    return f"{name}{rng.randrange(100)}@{host}"


# What is cut out of each: of a text with a word around it, the drawn part alone.
KINDS = {
    "email": lambda r: (s := _email(r), s),
    "phone": lambda r: (s := _phone(r), s[-6:]),
    "payment_card": lambda r: (s := _luhn(r), s),
    "iban": lambda r: (s := _iban(r), s[-8:]),
    "private_key": lambda r: (s := _private_key(r), s.splitlines()[2]),
    "url_password": lambda r: (f"postgres://app:{(s := _password(r).replace('#', ''))}@db.internal:5432/x", s),
    "aws_access_key_id": lambda r: (s := r.choice(("AK", "AS")) + "IA" + text(r, UPPER_DIGITS, 16), s),
    "aws_secret_access_key": lambda r: (
        r.choice(("aws_secret_access_key = ", "AWS secret access key: ", "secret_key=", "AWS_SECRET_ACCESS_KEY="))
        + (s := text(r, BASE64, 40)), s),
    "github_token": lambda r: (s := f"gh{r.choice('pousr')}_" + text(r, ALNUM, 36), s),
    "github_fine_grained_token": lambda r: (
        s := "github" + "_pat_" + text(r, ALNUM, 22) + "_" + text(r, ALNUM, 59), s),
    "gitlab_token": lambda r: (s := "glp" + "at-" + text(r, URL_SAFE, 20), s),
    "slack_token": lambda r: (
        s := f"xox{r.choice('bap')}-{r.randrange(10**11, 10**12)}-{r.randrange(10**12)}-" + text(r, ALNUM, 24), s),
    "webhook": lambda r: (
        f"https://hooks.slack.com/services/T{text(r, UPPER_DIGITS, 8)}/B{text(r, UPPER_DIGITS, 8)}/"
        + (s := text(r, ALNUM, 24)), s),
    "jwt": lambda r: (s := _jwt(r), s),
    "google_api_key": lambda r: (s := "AI" + "za" + text(r, URL_SAFE, 35), s),
    "google_oauth": lambda r: (s := r.choice(("ya" + "29.", "GOC" + "SPX-")) + text(r, URL_SAFE, 28), s),
    "stripe_key": lambda r: (s := r.choice(("sk", "rk")) + "_live_" + text(r, ALNUM, 24), s),
    "npm_token": lambda r: (s := "npm" + "_" + text(r, ALNUM, 36), s),
    "pypi_token": lambda r: (s := "pypi" + "-AgEIcHlwaS5vcmc" + text(r, URL_SAFE, 70), s),
    "azure_key": lambda r: (
        "DefaultEndpointsProtocol=https;AccountName=x;Account" + "Key=" + (s := text(r, BASE64, 86)) + "==", s),
    "anthropic_key": lambda r: (s := "sk-" + "ant-api03-" + text(r, URL_SAFE, 95), s),
    "openai_key": lambda r: (s := "sk-" + r.choice(("", "proj-", "svcacct-")) + text(r, ALNUM, 48), s),
    "hugging_face_token": lambda r: (s := "hf" + "_" + text(r, ALNUM, 34), s),
    "databricks_token": lambda r: (s := "da" + "pi" + text(r, HEX, 32), s),
    "sendgrid_key": lambda r: (s := "SG" + "." + text(r, URL_SAFE, 22) + "." + text(r, URL_SAFE, 43), s),
    "vault_token": lambda r: (s := "hv" + "s." + text(r, URL_SAFE, 24), s),
    "other_vendor_token": lambda r: (
        s := r.choice(("dckr_" + "pat_", "gl" + "sa_", "shp" + "at_")) + text(r, ALNUM, 32), s),
    "bearer": lambda r: ("Authorization: Bearer " + (s := text(r, ALNUM, r.randrange(20, 60))), s),
    "assignment": lambda r: (
        r.choice(("password={}", "password: {}", "api_key: '{}'", 'API_KEY="{}"', "client_secret={}", "passwd = {}",
                  'token: "{}"', "DB_PASSWORD={}", "pwd={};", '"secret": "{}"', "access_key => {}"))
        .format(s := _password(r)), s),
}  # fmt: skip


def found(rng: random.Random, kind: str) -> tuple[str, str]:
    """A text that holds one of the kind, and the part of it that must not be there any more."""
    written, part = KINDS[kind](rng)
    return rng.choice(AROUND).format(written), part


LOOK_ALIKES = {
    "sha1": lambda r: f"commit {text(r, HEX, 40)}",
    "short_commit": lambda r: f"reverted {text(r, HEX, 8)}..{text(r, HEX, 8)}",
    "sha256": lambda r: f"sha256:{text(r, HEX, 64)}",
    "md5": lambda r: f"md5 {text(r, HEX, 32)}",
    "integrity": lambda r: f"sha512-{base64.b64encode(r.randbytes(64)).decode()}",
    "base64_sha256": lambda r: f"sha256={base64.b64encode(r.randbytes(32)).decode()}",
    "uuid": lambda r: str(uuid.UUID(int=r.getrandbits(128), version=4)),
    "image": lambda r: f"registry.example.com/ml/scoring:v{r.randrange(9)}.{r.randrange(99)}@sha256:{text(r, HEX, 64)}",
    "trace": lambda r: f"traceparent 00-{text(r, HEX, 32)}-{text(r, HEX, 16)}-01",
    "span": lambda r: f"span_id={text(r, HEX, 16)} trace_id={text(r, HEX, 32)}",
    "ulid": lambda r: f"run 01J{text(r, '0123456789ABCDEFGHJKMNPQRSTVWXYZ', 23)}",
    "ticket": lambda r: f"{text(r, UPPER_DIGITS[:26], 4)}-{r.randrange(1, 99999)} closed, token: OPS-{r.randrange(9)}",
    "version": lambda r: f"scikit-learn=={r.randrange(3)}.{r.randrange(9)}.0rc1, cuda 12.{r.randrange(9)}",
    "ipv4": lambda r: f"10.{r.randrange(256)}.{r.randrange(256)}.{r.randrange(256)}:8080",
    "ipv6": lambda r: f"2001:db8:{text(r, HEX, 4)}::{text(r, HEX, 4)}",
    "instant": lambda r: f"2026-{r.randrange(1, 13):02d}-{r.randrange(1, 29):02d}T{r.randrange(24):02d}:15:00+02:00",
    "epoch": lambda r: f"at {r.randrange(1_600_000_000, 1_800_000_000)}.{r.randrange(1000):03d}",
    "money": lambda r: f"loss of +{r.randrange(1, 999)},{r.randrange(100, 999)},{r.randrange(100, 999)}.00 EUR",
    "order": lambda r: f"order {r.randrange(10**15, 10**16)} and {r.randrange(10**9, 10**10)}",
    "range": lambda r: f"rows {r.randrange(10**6, 10**7)}-{r.randrange(10**7, 10**8)} (+{r.randrange(10**5, 10**6)})",
    "growth": lambda r: f"p95 +{r.randrange(999)} ms, +{r.randrange(99)}.0 %, +{r.randrange(10**7)} rows",
    "arn": lambda r: f"arn:aws:s3:::models-{text(r, HEX, 8)}/key={r.randrange(2020, 2027)}-05-04",
    "url": lambda r: f"https://example.com:8443/a/{text(r, HEX, 24)}?page={r.randrange(99)}#l{r.randrange(99)}",
    "model_file": lambda r: f"models/churn_{text(r, HEX, 10)}.pkl, sk-learn-pipeline-for-scoring-v{r.randrange(9)}",
    "said_of_a_token": lambda r: r.choice((
        "token: expired", "max_tokens=4096", "token_count=123456", "password: required", "the secret was rotated",
        "password=required", "Bearer token-exchange-flow-2024",
        "tokens per second: 41.5", "secret: see the vault", "api_key: missing", "token limit 8192",
        "password=${DB_PASSWORD}",
        "Bearer token authentication failed", "password: <set in the vault>", "token=null", "access key: not rotated",
        "credentials: expired 2026-05-04", "token: v2.1.0", "api key = $API_KEY", "hf_hub_download-of-the-tokenizer",
        "password policy: 12 characters", "client secret: managed-identity",
    )),
    "decorator": lambda r: r.choice((
        "@dataclass and @asset", "left-pad@1.3.0", "git@host:team/x", "p95@5m", "user@localhost", "mAP@0.5",
    )),
    "percent": lambda r: f"recall@{r.randrange(1, 20)} fell to 0.{r.randrange(10**6)}",
    "embedding": lambda r: " ".join(f"{r.uniform(-1, 1):+.6f}" for _ in range(8)),
    "matrix": lambda r: " ".join(str(r.randrange(1000, 9999)) for _ in range(3)),
    "phone_model": lambda r: f"mobile users {r.randrange(10**6)}, phone calls {r.randrange(1000)}, dial tone",
}  # fmt: skip


def look_alike(rng: random.Random, kind: str) -> str:
    """A text that holds nothing that must go."""
    return rng.choice(AROUND[:-1]).format(LOOK_ALIKES[kind](rng))
