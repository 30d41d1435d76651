"""What a Hugging Face model folder says about itself."""
import json
import os

from paths import explain, trouble

INDEXES = ("model.safetensors.index.json", "pytorch_model.bin.index.json")
SINGLES = ("model.safetensors", "pytorch_model.bin")
TOKENIZERS = ("tokenizer.json", "tokenizer_config.json", "tokenizer.model", "vocab.json", "vocab.txt")
LARGEST = 64 << 20   # bytes of a JSON file that are read
_BYTES = {"float32": 4, "float16": 2, "bfloat16": 2, "float8_e4m3fn": 1, "float8_e5m2": 1}
_NAMES = {"type": ("model_type",), "layers": ("num_hidden_layers",), "attentionHeads": ("num_attention_heads",),
          "keyValueHeads": ("num_key_value_heads",), "experts": ("num_experts", "n_routed_experts", "num_local_experts"),
          "hiddenSize": ("hidden_size",)}


def read_json(path):
    """A JSON object from a file; OSError, or ValueError when it isn't one."""
    with open(path, "rb") as file:
        text = file.read(LARGEST + 1)
    if len(text) > LARGEST:
        raise ValueError("more than %d MiB" % (LARGEST >> 20))
    try:
        value = json.loads(text.decode("utf-8"))
    except RecursionError:
        raise ValueError("nested too deep")
    if not isinstance(value, dict):
        raise ValueError("no JSON object")
    return value


def facts(config):
    """The facts that the rules need, also from under text_config (vision models); None where not told."""
    inner = config.get("text_config") if isinstance(config.get("text_config"), dict) else {}
    found = {}
    for name, keys in _NAMES.items():
        values = [source.get(key) for key in keys for source in (config, inner)]
        kind = str if name == "type" else int
        found[name] = next((value for value in values if type(value) is kind), None)
    found["parameters"] = found["weightBytes"] = None
    return found


def has_experts(folder):
    """Whether the model is a mixture of experts; False when its config.json can't be read."""
    try:
        return bool(facts(read_json(os.path.join(folder, "config.json")))["experts"])
    except (OSError, ValueError):
        return False


def weight_files(folder):
    """(index name or None, names of the weight files, bytes of all weights or None); ValueError when the index is bad."""
    for name in INDEXES:
        if os.path.exists(os.path.join(folder, name)):
            index = read_json(os.path.join(folder, name))
            shards = index.get("weight_map")
            if not isinstance(shards, dict) or not all(isinstance(shard, str) for shard in shards.values()):
                raise ValueError("no weight_map")
            metadata = index.get("metadata")
            size = metadata.get("total_size") if isinstance(metadata, dict) else None
            return name, sorted(set(shards.values())), size if type(size) is int and size > 0 else None
    for name in SINGLES:
        path = os.path.join(folder, name)
        if os.path.lexists(path):
            return None, [name], os.path.getsize(path) if os.path.exists(path) else None
    return None, [], None


def parameters(config, size):
    """How many parameters that many bytes are, by the type that config.json names."""
    kind = config.get("dtype") or config.get("torch_dtype")
    kind = kind or (config.get("text_config") or {}).get("torch_dtype") if isinstance(config.get("text_config"), dict) else kind
    return size // _BYTES[kind] if size and isinstance(kind, str) and kind in _BYTES else None


def inspect_model(folder, add):
    """Facts of the model; findings go to add(rule, text, severity="Error")."""
    problem = trouble(folder, "folder")
    if problem:
        add("ModelPath" + problem.kind, problem.text)
        return None
    path = os.path.join(folder, "config.json")
    try:
        config = read_json(path)
    except OSError as error:
        add("ModelConfigMissing", explain(path, error).text)
        return None
    except ValueError as error:
        add("ModelConfigInvalid", (trouble(path) or ("", "%s: %s" % (path, error)))[1])
        return None
    found = facts(config)
    try:
        _, files, size = weight_files(folder)
    except (OSError, ValueError) as error:
        add("ModelIndexInvalid", "the weight index in %s: %s" % (folder, error))
        return found
    found["parameters"] = parameters(config, size)
    paths = [os.path.join(folder, name) for name in files]
    found["weightBytes"] = sum(os.path.getsize(path) for path in paths if os.path.exists(path))
    if not files:
        add("ModelWeightsMissing", "%s holds neither %s nor %s" % (folder, INDEXES[0], SINGLES[0]))
    troubles = [problem for problem in map(trouble, paths) if problem]
    if troubles:
        add("ModelShard" + troubles[0].kind, troubles[0].text + (
            "; and %d more of %d shards" % (len(troubles) - 1, len(files)) if len(troubles) > 1 else ""))
    if not any(os.path.exists(os.path.join(folder, name)) for name in TOKENIZERS):
        add("TokenizerMissing", "%s has no tokenizer" % folder, "Warning")
    return found
