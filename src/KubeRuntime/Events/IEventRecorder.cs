using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.KubeRuntime.Events;

/// <summary>Whether an event tells of trouble.</summary>
public enum EventType
{
    /// <summary>Things go their way.</summary>
    Normal,

    /// <summary>Somebody may have to act.</summary>
    Warning,
}

/// <summary>The object that an event is about.</summary>
public sealed record EventSubject(ApiResource Resource, NamespacedName NamespacedName, string Uid);

/// <summary>Tells users what happened, as Kubernetes Events. Never blocks, never fails its caller.</summary>
public interface IEventRecorder
{
    /// <summary>Records an event.</summary>
    /// <param name="subject">What it is about.</param>
    /// <param name="type">Normal or Warning.</param>
    /// <param name="reason">CamelCase word for machines.</param>
    /// <param name="message">A sentence for people; what varies in it (numbers, addresses) makes no new event.</param>
    /// <param name="discriminator">What makes the same event of the same object a new one, e.g. an incarnation.</param>
    void Record(EventSubject subject, EventType type, string reason, string message, string discriminator = "");
}
