"""Model folders, Parquet files and converters for the tests."""
import json
import os
import struct

QWEN3_30B = {"model_type": "qwen3_moe", "num_hidden_layers": 48, "num_attention_heads": 32, "num_key_value_heads": 4,
             "num_experts": 128, "hidden_size": 2048, "torch_dtype": "bfloat16"}


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def model(folder, config=None, shards=("model-1.safetensors", "model-2.safetensors"), size=61064245248):
    """A model folder as the hub has it, with tiny shards."""
    write(os.path.join(folder, "config.json"), json.dumps(QWEN3_30B if config is None else config))
    write(os.path.join(folder, "model.safetensors.index.json"), json.dumps(
        {"metadata": {"total_size": size}, "weight_map": {"layer.%d" % n: shard for n, shard in enumerate(shards)}}))
    for shard in shards:
        write(os.path.join(folder, shard), "weights")
    write(os.path.join(folder, "tokenizer.json"), "{}")
    return folder


def varint(number):
    out = b""
    while True:
        if number < 0x80:
            return out + bytes([number])
        out += bytes([number & 0x7F | 0x80])
        number >>= 7


def zigzag(number):
    return varint((number << 1) ^ (number >> 63))


def element(name, children=None):
    """A SchemaElement: type, repetition, name, children."""
    out = (b"\x15" + zigzag(6) if children is None else b"") + (b"\x25" if children is None else b"\x35") + zigzag(0)
    out += b"\x18" + varint(len(name.encode("utf-8"))) + name.encode("utf-8")
    return out + (b"\x15" + zigzag(children) if children is not None else b"") + b"\0"


def parquet(rows, columns=("data_source", "prompt", "reward_model"), more=b""):
    """A Parquet file of which only the footer is true; a column may be (name, [children])."""
    elements = [element("schema", len(columns))]
    for column in columns:
        if isinstance(column, tuple):
            elements.append(element(column[0], len(column[1])))
            elements += [element(child) for child in column[1]]
        else:
            elements.append(element(column))
    head = bytes([len(elements) << 4 | 12]) if len(elements) < 15 else b"\xfc" + varint(len(elements))
    footer = b"\x15" + zigzag(1) + b"\x19" + head + b"".join(elements) + b"\x16" + zigzag(rows) + more + b"\0"
    return b"PAR1" + footer + struct.pack("<I", len(footer)) + b"PAR1"
