namespace GrpoOperator.KubeRuntime.Abstractions;

/// <summary>Verbs of a right.</summary>
[Flags]
public enum RbacVerb
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Read one.</summary>
    Get = 1,

    /// <summary>Read all.</summary>
    List = 2,

    /// <summary>Follow changes.</summary>
    Watch = 4,

    /// <summary>Make.</summary>
    Create = 8,

    /// <summary>Replace.</summary>
    Update = 16,

    /// <summary>Change in part.</summary>
    Patch = 32,

    /// <summary>Remove.</summary>
    Delete = 64,

    /// <summary>All of them.</summary>
    All = Get | List | Watch | Create | Update | Patch | Delete,
}

/// <summary>The rights that a controller needs on the resources of these entities. Read by whoever writes or checks the operator's roles.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class EntityRbacAttribute(params Type[] entities) : Attribute
{
    /// <summary>Entity types; each bears a <see cref="k8s.Models.KubernetesEntityAttribute"/>.</summary>
    public IReadOnlyList<Type> Entities { get; } = entities;

    /// <summary>What it may do with them.</summary>
    public RbacVerb Verbs { get; init; }
}
