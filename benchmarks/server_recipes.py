"""The servers that `independent_servers.py` asks: how each is started, and the ways to ask it.

None of them is ours. Gateways have our stand-in for the Messages API behind them; mock servers
play the same answers from a file of their own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from server_processes import Package
from server_ways import KEY, MODEL, chat, cloud, invoke_model, messages

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from server_ways import Site, Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One server: `prepare` writes what it needs and returns the command that starts it.

    `behind` is what it asks itself, where that is not our stand-in.
    """

    name: str
    package: Package
    prepare: Callable[[Site], Sequence[str]]
    ways: tuple[Way, ...]
    environment: Callable[[Site], Mapping[str, str]] = field(default=lambda _site: {})
    alive: str = "/"
    behind: Server | None = None


# --- how each is started ------------------------------------------------------------------------


def litellm(site: Site) -> Sequence[str]:
    upstream = {
        "model": f"anthropic/{MODEL}", "api_base": site.upstream_url, "api_key": KEY,
    }  # fmt: skip
    config = {
        "model_list": [{"model_name": MODEL, "litellm_params": upstream}],
        "general_settings": {"master_key": KEY},
    }
    (site.folder / "config.yaml").write_text(json.dumps(config))  # JSON is YAML
    return (
        "bin/litellm", "--config", "config.yaml", "--host", "127.0.0.1", "--port", str(site.port),
    )  # fmt: skip


def litellm_environment(site: Site) -> Mapping[str, str]:
    # The prices that it carries itself, not those that it would fetch.
    return {
        "ANTHROPIC_API_BASE": site.upstream_url,
        "ANTHROPIC_API_KEY": KEY,
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    }


def llama(site: Site) -> Sequence[str]:
    return ("bin/python", str(Path(__file__).with_name("tiny_llama.py")), str(site.port))


def code_router(site: Site) -> Sequence[str]:
    provider = {
        "name": "standin", "api_base_url": f"{site.upstream_url}/v1/messages", "api_key": KEY,
        "models": [MODEL], "transformer": {"use": ["Anthropic"]},
    }  # fmt: skip
    config = {
        "HOST": "127.0.0.1", "PORT": site.port, "LOG": False, "NON_INTERACTIVE_MODE": True,
        "Providers": [provider], "Router": {"default": f"standin,{MODEL}"},
    }  # fmt: skip
    folder = site.folder / ".claude-code-router"
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config))
    return ("node", "node_modules/@musistudio/claude-code-router/dist/cli.js", "start")


def portkey(site: Site) -> Sequence[str]:
    script = "node_modules/@portkey-ai/gateway/build/start-server.js"
    return ("node", script, "--headless", f"--port={site.port}")


def aimock(site: Site) -> Sequence[str]:
    fixtures = [
        {"match": {"userMessage": holds} if holds else {}, "response": {"content": says}}
        for holds, says in site.answers
    ]
    (site.folder / "answers.json").write_text(json.dumps({"fixtures": fixtures}))
    return (
        "node", "node_modules/@copilotkit/aimock/dist/cli.js", "--host", "127.0.0.1",
        "--port", str(site.port), "--fixtures", "answers.json", "--chunk-size", "200",
    )  # fmt: skip


def fakellm(site: Site) -> Sequence[str]:
    rules = [
        {"name": f"rule {number}", "when": {"messages_contain": holds} if holds else {},
         "respond": {"content": says}}
        for number, (holds, says) in enumerate(site.answers)
    ]  # fmt: skip
    config = {"version": 1, "defaults": {"fallback": "deterministic_echo"}, "rules": rules}
    (site.folder / "fakellm.yaml").write_text(json.dumps(config))
    return ("bin/fakellm", "serve", "--host", "127.0.0.1", "--port", str(site.port))


def ministack(site: Site) -> Sequence[str]:
    # Its own command listens on every interface.
    return ("bin/python", "-m", "hypercorn", "ministack.app:app", "-b", f"127.0.0.1:{site.port}")


def ministack_environment(site: Site) -> Mapping[str, str]:
    return {
        "SERVICES": "bedrock-runtime",
        "MINISTACK_BEDROCK_PROXY_URL": site.upstream_url,
        "DOCKER_HOST": "unix:///nowhere",  # or it ends containers that it takes for its own
    }


def llmock(site: Site, *, options: Sequence[str]) -> Sequence[str]:
    address = ("--host", "127.0.0.1", "--port", str(site.port))
    return ("bin/llmock", "serve", *address, *options)


# --- who is asked -------------------------------------------------------------------------------

TINY = """\
model = "tiny"
window_tokens = 32768
max_output_tokens = 1200

[[prices]]
model = "tiny"
input_usd = 0
output_usd = 0
"""

PORTKEY_HEADERS = "x-portkey-provider: anthropic\nx-portkey-custom-host: {upstream}/v1"

BROKEN_STREAMS = {
    "ended early": "truncate=1",
    "cut": "disconnect=1",
    "broken JSON": "malformed=1",
}

LITELLM = Server(
    name="LiteLLM proxy",
    package=Package(registry="pypi", name="litellm[proxy]"),
    prepare=litellm,
    environment=litellm_environment,
    alive="/health/liveliness",
    ways=(messages("/anthropic"), messages(), chat()),
)

LLAMA = Server(
    name="llama.cpp, random weights",
    package=Package(registry="pypi", name="xllamacpp", besides=("gguf", "numpy")),
    prepare=llama,
    alive="/health",
    ways=(messages(settings=TINY, ends=3), chat(settings=TINY, ends=3)),
)

CODE_ROUTER = Server(
    name="claude-code-router",
    package=Package(registry="npm", name="@musistudio/claude-code-router@2"),
    prepare=code_router,
    ways=(messages(),),
)

PORTKEY = Server(
    name="Portkey gateway",
    package=Package(registry="npm", name="@portkey-ai/gateway"),
    prepare=portkey,
    ways=(messages(ends=3, ANTHROPIC_CUSTOM_HEADERS=PORTKEY_HEADERS),),
)

AIMOCK = Server(
    name="aimock",
    package=Package(registry="npm", name="@copilotkit/aimock"),
    prepare=aimock,
    ways=(
        messages(),
        chat(),
        cloud(
            "foundry",
            "Foundry",
            ANTHROPIC_FOUNDRY_API_KEY=KEY,
            ANTHROPIC_FOUNDRY_BASE_URL="{url}",
        ),
        cloud(
            "aws",
            "Claude Platform on AWS",
            AWS_REGION="eu-west-1",
            ANTHROPIC_AWS_WORKSPACE_ID="w",
            ANTHROPIC_AWS_API_KEY=KEY,
            ANTHROPIC_AWS_BASE_URL="{url}",
        ),
        cloud(
            "bedrock",
            "Bedrock",
            model=f"anthropic.{MODEL}",
            AWS_REGION="eu-west-1",
            AWS_BEARER_TOKEN_BEDROCK=KEY,
            ANTHROPIC_BEDROCK_MANTLE_BASE_URL="{url}",
        ),
        # The events of its stream are not in the envelope of Bedrock: none can be read.
        invoke_model(ends=3, AWS_BEARER_TOKEN_BEDROCK=KEY),
    ),
)

MINISTACK = Server(
    name="MiniStack",
    package=Package(registry="pypi", name="ministack"),
    prepare=ministack,
    environment=ministack_environment,
    alive="/_ministack/health",
    behind=AIMOCK,
    ways=(invoke_model(AWS_ACCESS_KEY_ID="AKIALOOPBACK", AWS_SECRET_ACCESS_KEY=KEY),),
)

FAKELLM = Server(
    name="fakellm",
    package=Package(registry="pypi", name="fakellm"),
    prepare=fakellm,
    alive="/_fakellm/stats",
    ways=(messages(), chat()),
)


def llmock_with(what: str, *options: str, ways: tuple[Way, ...]) -> Server:
    """Return llmock, which says what fits the schema or nothing that does."""
    return Server(
        name=f"llmock, {what}",
        package=Package(registry="pypi", name="llmock"),
        prepare=partial(llmock, options=options),
        alive="/health",
        ways=ways,
    )


LLMOCKS = (
    llmock_with(
        "made-up values",
        # The schema is honoured by its Chat Completions alone: two findings about no file.
        ways=(messages("/anthropic", ends=3), chat(finds=0)),
    ),
    *(
        llmock_with(
            f"streams {what}",
            "--stream-fault",
            fault,
            ways=(messages("/anthropic", ends=3), chat(ends=3)),
        )
        for what, fault in BROKEN_STREAMS.items()
    ),
    llmock_with(
        "a window of 1,000 tokens",
        "--context-window",
        "1000",
        ways=(messages("/anthropic", ends=2), chat(ends=2)),
    ),
)

SERVERS = (LITELLM, LLAMA, CODE_ROUTER, PORTKEY, AIMOCK, MINISTACK, FAKELLM, *LLMOCKS)
