using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json.Serialization;
using GrpoOperator.KubeRuntime.Queue;

namespace GrpoOperator.KubeRuntime.Hosting;

/// <summary>How one of several equal processes is chosen.</summary>
public enum LeaderElectionType
{
    /// <summary>Not at all: there is only one.</summary>
    None,

    /// <summary>By one lease for the whole operator.</summary>
    Single,
}

/// <summary>What an operator is told at its start.</summary>
public sealed class OperatorSettings
{
    /// <summary>Name of the operator: of its lease, in its events.</summary>
    public string Name { get; set; } = "operator";

    /// <summary>Namespace of the lease; null: the process' own.</summary>
    public string? LeaseNamespace { get; set; }

    /// <summary>Namespaces that the operator looks after; empty: all.</summary>
    public ImmutableArray<string> Namespaces { get; set; } = [];

    /// <summary>Whether a leader is elected.</summary>
    public LeaderElectionType LeaderElectionType { get; set; } = LeaderElectionType.Single;

    /// <summary>What tells this process from its equals; host name (a pod's name) and process id by default. Two processes with one identity would both lead.</summary>
    public string Identity { get; set; } = $"{Environment.MachineName}_{Environment.ProcessId}";

    /// <summary>Name and version by which the server's audit log knows this operator; those of the program by default.</summary>
    public string UserAgent { get; set; } = OfProgram();

    /// <summary>Workers and times of controllers that don't bring their own.</summary>
    public ControllerOptions Controllers { get; set; } = new();

    /// <summary>Metadata of the entities' JSON, for <see cref="Abstractions.IEntityController{TEntity}"/>s: a source-generated context.</summary>
    public JsonSerializerContext? Json { get; set; }

    private static string OfProgram()
    {
        var program = Assembly.GetEntryAssembly();
        var version = program?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        // What follows a plus is the commit.
        return $"{program?.GetName().Name ?? "operator"}/{version?.Split('+')[0] ?? "unknown"}";
    }
}
