namespace GrpoOperator.Training;

/// <summary>The administrator's part of the pod allow-list (chart values <c>allowed.*</c>).</summary>
public sealed record AllowedPodFields
{
    /// <summary>Host paths that may be mounted read-only, by whole path segments.</summary>
    public IReadOnlyList<string> HostPaths { get; init; } = [];

    /// <summary>Whether <c>workers.hostNetwork</c> may be used.</summary>
    public bool HostNetwork { get; init; }

    /// <summary>Capabilities that containers may add, without <c>CAP_</c>.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>Whether containers may run as root; Ascend's images do.</summary>
    public bool RunAsRoot { get; init; } = true;

    /// <summary>Service accounts that pods may use beside the namespace's default.</summary>
    public IReadOnlyList<string> ServiceAccounts { get; init; } = [];

    /// <summary>Whether containers may be privileged.</summary>
    public bool Privileged { get; init; }

    /// <summary>Whether <c>launch.setup</c> may be used.</summary>
    public bool Setup { get; init; } = true;
}
