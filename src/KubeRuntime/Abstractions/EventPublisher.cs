using GrpoOperator.KubeRuntime.Events;
using k8s;
using k8s.Models;

namespace GrpoOperator.KubeRuntime.Abstractions;

/// <summary>Tells users what happened to an entity, in KubeOps' shape. It is written in the background: the task has ended already.</summary>
public delegate Task EventPublisher(
    IKubernetesObject<V1ObjectMeta> entity, string reason, string message, EventType type = EventType.Normal, CancellationToken cancellationToken = default);
