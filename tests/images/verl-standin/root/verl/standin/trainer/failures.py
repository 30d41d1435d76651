"""A failed task as Ray shows it to whoever waits for it."""
from __future__ import annotations


class ActorDiedError(Exception):
    pass


class RayTaskError(Exception):
    pass


for _class in (ActorDiedError, RayTaskError):
    _class.__module__ = "ray.exceptions"


class TaskFailed(Exception):
    """A remote failure with the fields of the channel's error."""

    def __init__(self, details: dict):
        super().__init__(details.get("message", ""))
        self.details = details


def as_exception(details: dict) -> Exception:
    """``ray.exceptions.RayTaskError(X)`` or ``ActorDiedError`` for a failed call."""
    if details.get("type") == "ActorDiedError":
        return ActorDiedError(
            "The actor died unexpectedly before finishing this task.\n\tclass_name: %s\n\tactor_id: %s\n\tpid: %s\n"
            "\tip: %s\nThe actor is dead because its worker process has died. %s"
            % (details.get("name"), details.get("actor_id"), details.get("pid"), details.get("ip"), details.get("reason")))
    kind = type("RayTaskError(%s)" % details.get("type"), (RayTaskError,), {"__module__": "ray.exceptions"})
    body = (details.get("traceback") or details.get("message") or "").rstrip()
    text = "ray::%s() (pid=%s, actor_id=%s)\n%s" % (details.get("method"), details.get("pid"), details.get("actor_id"), body)
    return kind(text)
