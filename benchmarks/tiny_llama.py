"""Make a language model of random weights (110 kB) and serve it by llama.cpp's own server.

    python tiny_llama.py PORT

Run by `independent_servers.py` in an environment with `gguf` and `xllamacpp`, which holds the
server. What the model says is noise, and always fills the answer.
"""

from __future__ import annotations

import sys
import threading

import gguf
import numpy as np
import xllamacpp

WIDTH, HEADS, FEED_FORWARD, CONTEXT_TOKENS = 32, 2, 64, 262_144
BYTES = 256
MODEL = "tiny.gguf"
TEMPLATE = "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}assistant:"
UNKNOWN, CONTROL, BYTE = 2, 3, 6
"""Kinds of tokens, as GGUF numbers them."""


def write() -> None:
    """Write the model: one layer, and a token for each byte."""
    writer = gguf.GGUFWriter(MODEL, "llama")
    _describe(writer)
    random = np.random.default_rng(1)
    for name, shape in _shapes().items():
        values = random.standard_normal(shape) * 0.02
        writer.add_tensor(name, (values if len(shape) > 1 else np.ones(shape)).astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _describe(writer: gguf.GGUFWriter) -> None:
    tokens = [b"<unk>", b"<s>", b"</s>", *(f"<0x{byte:02X}>".encode() for byte in range(BYTES))]
    writer.add_context_length(CONTEXT_TOKENS)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(1)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types([UNKNOWN, CONTROL, CONTROL] + [BYTE] * BYTES)
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_chat_template(TEMPLATE)


def _shapes() -> dict[str, tuple[int, ...]]:
    words = BYTES + 3
    return {
        "token_embd.weight": (words, WIDTH),
        "output_norm.weight": (WIDTH,),
        "output.weight": (words, WIDTH),
        "blk.0.attn_norm.weight": (WIDTH,),
        "blk.0.ffn_norm.weight": (WIDTH,),
        "blk.0.attn_q.weight": (WIDTH, WIDTH),
        "blk.0.attn_k.weight": (WIDTH // HEADS, WIDTH),
        "blk.0.attn_v.weight": (WIDTH // HEADS, WIDTH),
        "blk.0.attn_output.weight": (WIDTH, WIDTH),
        "blk.0.ffn_gate.weight": (FEED_FORWARD, WIDTH),
        "blk.0.ffn_up.weight": (FEED_FORWARD, WIDTH),
        "blk.0.ffn_down.weight": (WIDTH, FEED_FORWARD),
    }


def serve(port: int) -> None:
    """Serve the model until the process is ended."""
    settings = xllamacpp.CommonParams()
    settings.model.path = MODEL
    settings.hostnames, settings.port = ["127.0.0.1"], port
    settings.n_ctx, settings.n_parallel = CONTEXT_TOKENS, 1
    settings.cpuparams.n_threads = 1
    settings.warmup = False
    settings.sampling.temp = 0.0  # the same noise each time
    _server = xllamacpp.Server(settings)  # it serves as long as it is referred to
    threading.Event().wait()


if __name__ == "__main__":
    write()
    serve(int(sys.argv[1]))
