"""What training on NPUs dies of, in the words of the libraries that say it."""
from __future__ import annotations


class ActorDiedError(Exception):
    pass


class EngineDeadError(Exception):
    pass


class OutOfMemoryError(RuntimeError):
    pass


ActorDiedError.__module__ = "ray.exceptions"
EngineDeadError.__module__ = "vllm.v1.engine.exceptions"
OutOfMemoryError.__module__ = "torch"

_TEXTS = {
    "runtime": (RuntimeError, "stand-in failure on rank {rank}"),
    "assertion": (AssertionError, "stand-in assertion on rank {rank}"),
    "actor-died": (ActorDiedError, "The actor died unexpectedly before finishing this task.\n\tclass_name: WorkerDict\n"
                   "\tactor_id: 0badc0de01000000\nThe actor is dead because its worker process has died. Worker exit type: "
                   "SYSTEM_ERROR Worker exit detail: Worker unexpectedly exits with a connection error code 2. End of file. "
                   "There are some potential root causes. (1) The process is killed by SIGKILL by OOM killer due to high memory usage."),
    "hccl-connect": (RuntimeError, "[Rank {rank}] HCCL function error: HcclCommInitRootInfoConfig, error code is 4\n"
                     "EI0006: Getting socket times out. Reason: Remote Rank did not send the data in time. "
                     "[HCCL_CONNECT_TIMEOUT] 1800s"),
    "hccl-notify": (RuntimeError, "[Rank {rank}] EI0002: The wait execution of the Notify register times out. Reason: The "
                    "Notify register has not received the Notify record from remote rank.\nWatchdog caught collective "
                    "operation timeout: WorkHCCL(SeqNum=10, OpType=ALLREDUCE, Timeout(ms)=1836000) error code is 11"),
    "hccl-transport": (RuntimeError, "[Rank {rank}] EI0009: The transport init fails. HCCL error code 7"),
    "hccl-port": (RuntimeError, "[Rank {rank}] EJ0003: Failed to bind the IP port. Reason: The IP address and port have been "
                  "bound already, port 16666."),
    "hccp": (RuntimeError, "[Rank {rank}] EJ0001: Failed to initialize the HCCP process. Reason: Maybe the last training "
             "process is running. Wait for 10s after killing the last training process and try again."),
    "rendezvous": (RuntimeError, "The client socket has timed out after 1800000ms while trying to connect to (10.0.0.1, 29500)."),
    "engine-dead": (EngineDeadError, "EngineCore encountered an issue. See stack trace (above) for the root cause."),
    "npu-oom": (OutOfMemoryError, "NPU out of memory. Tried to allocate 2.00 GiB (NPU {rank}; 61.27 GiB total capacity; "
                "58.90 GiB already allocated; 58.90 GiB current active; 312.00 MiB free; 59.70 GiB reserved in total by PyTorch)"),
    "device": (RuntimeError, "[Rank {rank}] SetDevice failed, error code is 507033. [Error]: The device or driver is faulty."),
    "sync": (RuntimeError, "[Rank {rank}] ACL stream synchronize failed, error code:507048"),
    "bucket": (AssertionError, "Weight model.embed_tokens.weight(torch.Size([151936, 2048]), torch.bfloat16) is too large to "
               "fit in the bucket. Please increase rollout.update_weights_bucket_megabytes(512 MB)."),
    "layernorm": (KeyError, "decoder.layers.0.self_attention.q_layernorm.weight"),
}

NAMES = tuple(sorted(_TEXTS))


def crash(name: str, rank: int) -> Exception:
    """The exception of a name; any other text becomes a RuntimeError of that text."""
    kind, text = _TEXTS.get(name, (RuntimeError, name.replace("{", "{{").replace("}", "}}")))
    return kind(text.format(rank=rank))
