"""Secrets in documented formats, drawn when they are asked for, so that none stands here.

A line of FORMATS is a name and how the secret stands in a file; the value is between « and ».
`{A30}` is 30 letters and digits, `{a..}` small letters and digits, `{U..}` capitals and digits,
`{T..}` capitals and 2 to 7, `{h..}` hex, `{d..}` digits, `{b..}` base64, `{w..}` base64 for
URLs, `{crc}` GitHub's checksum of the 30 characters before it.
"""

from __future__ import annotations

import base64
import json
import re
import string
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
ALPHABETS = {
    "A": BASE62,
    "a": string.ascii_lowercase + string.digits,
    "U": string.ascii_uppercase + string.digits,
    "T": string.ascii_uppercase + "234567",
    "h": "0123456789abcdef",
    "d": string.digits,
    "b": BASE62 + "+/",
    "w": BASE62 + "-_",
}
FORMATS = dict(
    line.split(" ", 1)
    for line in r"""
github-classic token = "«ghp_{A30}{crc}»"
github-oauth GH=«gho_{A30}{crc}»
github-app "«ghs_{A30}{crc}»"
github-refresh "«ghr_{A30}{crc}»"
github-fine-grained gh auth login --with-token «github_pat_{A22}_{A59}»
aws-key-id AWS_ACCESS_KEY_ID=«AKIA{T16}»
aws-secret AWS_SECRET_ACCESS_KEY="«{b40}»"
gcp-api-key const key = "«AIza{w35}»";
slack-bot SLACK_TOKEN: «xoxb-{d12}-{d12}-{A24}»
slack-user token: "«xoxp-{d12}-{d12}-{d12}-{h32}»"
slack-app "«xapp-1-A{U10}-{d13}-{h64}»"
slack-webhook url = "«https://hooks.slack.com/services/T{U8}/B{U10}/{A24}»"
stripe-secret stripe.api_key = "«sk_live_{A24}»"
stripe-restricted key: "«rk_live_{A24}»"
anthropic ANTHROPIC_API_KEY=«sk-ant-api03-{w93}AA»
openai-project OPENAI_API_KEY="«sk-proj-{w74}T3BlbkFJ{w74}»"
openai-legacy openai.api_key = "«sk-{A20}T3BlbkFJ{A20}»"
npm //registry.npmjs.org/:_authToken=«npm_{A30}{crc}»
pypi password = «pypi-AgEIcHlwaS5vcmc{w160}»
twilio-key TWILIO_KEY="«SK{h32}»"
twilio-auth-token twilio_auth_token = "«{h32}»"
sendgrid SENDGRID_API_KEY='«SG.{w22}.{w43}»'
mailgun mailgun_key = "«key-{h32}»"
mailchimp mailchimp_api_key = "«{h32}-us12»"
square square = "«sq0atp-{w22}»"
shopify "«shpat_{h32}»"
gitlab-pat GITLAB_TOKEN=«glpat-{w20}»
gitlab-trigger "«glptt-{h40}»"
digitalocean DO_TOKEN="«dop_v1_{h64}»"
huggingface HF_TOKEN = "«hf_{L34}»"
telegram telegram_bot_token = "«{d10}:A{w34}»"
discord-bot DISCORD_TOKEN="«M{A23}.{w6}.{w38}»"
datadog-api DATADOG_API_KEY: "«{a32}»"
heroku HEROKU_API_KEY="«{h8}-{h4}-{h4}-{h4}-{h12}»"
databricks DATABRICKS_TOKEN = "«dapi{h32}»"
linear "«lin_api_{A40}»"
notion NOTION_TOKEN="«ntn_{d11}{A35}»"
vault-service VAULT_TOKEN=«hvs.{w96}»
vault-batch token: «hvb.{w150}»
terraform-cloud token = "«{A14}.atlasv1.{w66}»"
doppler "«dp.pt.{A43}»"
dynatrace "«dt0c01.{T24}.{T64}»"
grafana "«glsa_{A32}_{h8}»"
new-relic "«NRAK-{U27}»"
planetscale "«pscale_tkn_{w43}»"
postman "«PMAK-{h24}-{h34}»"
pulumi "«pul-{h40}»"
rubygems "«rubygems_{h48}»"
sentry "«sntryu_{h64}»"
supabase SUPABASE = "«sbp_{h40}»"
docker-hub "«dckr_pat_{w27}»"
cloudflare-origin "«v1.0-{h24}-{h146}»"
fastly fastly_token = "«{w32}»"
airtable "«pat{A14}.{h64}»"
asana asana_client_secret = "«{a32}»"
age-key "«AGE-SECRET-KEY-1{g58}»"
azure-storage AccountName=data12;AccountKey=«{b86}==»;EndpointSuffix=core.windows.net
azure-ad azure_client_secret = "«{A3}8Q~{w34}»"
postgres-url DATABASE_URL=postgres://svc:«{A20}»@db.internal:5432/app
mysql-url url: "mysql://root:«{A16}»@10.0.0.7/shop"
mongodb-url uri = "mongodb+srv://svc:«{A20}»@cluster0.{a5}.mongodb.net/app"
redis-url REDIS_URL=redis://:«{A24}»@cache:6379/0
basic-auth-url git clone https://bot:«{A20}»@git.internal/x.git
password-assigned password = "«{A14}!7q»"
api-key-assigned internal_api_key = "«{A32}»"
""".strip().splitlines()
)
ALPHABETS["L"] = string.ascii_letters
ALPHABETS["g"] = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"


def draw(name: str, random: Random) -> tuple[str, str]:
    """Return a text that holds a new secret of the format, and the secret."""
    if name in DOCUMENTS:
        return DOCUMENTS[name](random)
    drawn = re.sub(
        r"\{([A-Za-z])(\d+)\}",
        lambda found: "".join(random.choices(ALPHABETS[found[1]], k=int(found[2]))),
        FORMATS[name],
    )
    drawn = re.sub(r"(\w{30})\{crc\}", lambda found: found[1] + checksum(found[1]), drawn)
    return drawn.replace("«", "").replace("»", "") + "\n", drawn.partition("«")[2].partition("»")[
        0
    ]


def checksum(text: str) -> str:
    """Return CRC32 in six base62 digits (GitHub's and npm's tokens end in it)."""
    rest, digits = zlib.crc32(text.encode()), ""
    while rest:
        rest, digit = divmod(rest, 62)
        digits = BASE62[digit] + digits
    return digits.rjust(6, "0")


def pem(random: Random, label: str = "RSA PRIVATE KEY") -> str:
    body = base64.b64encode(random.randbytes(1190)).decode()
    lines = [body[at : at + 64] for at in range(0, len(body), 64)]
    return "\n".join((f"-----BEGIN {label}-----", *lines, f"-----END {label}-----"))


def _jwt(random: Random) -> tuple[str, str]:
    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).decode().rstrip("=")

    head = json.dumps({"alg": "HS256", "typ": "JWT"}).encode()
    claims = json.dumps({"sub": str(random.random()), "iat": 1516239022}).encode()
    value = ".".join((part(head), part(claims), part(random.randbytes(32))))
    return f'AUTH = "{value}"\n', value


def _service_account(random: Random) -> tuple[str, str]:
    key = pem(random, "PRIVATE KEY") + "\n"
    written = json.dumps({"type": "service_account", "private_key": key}, indent=2)
    return written + "\n", json.dumps(key)[1:-1].rstrip("\\n")


def _pem_file(random: Random) -> tuple[str, str]:
    key = pem(random)
    return key + "\n", key


DOCUMENTS = {
    "jwt": _jwt,
    "pem-private-key": _pem_file,
    "pem-openssh-key": lambda random: (key := pem(random, "OPENSSH PRIVATE KEY"), key),
    "gcp-service-account": _service_account,
}
NAMES = (*FORMATS, *DOCUMENTS)
