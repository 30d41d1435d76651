using GrpoOperator.Training.Ascend;
using GrpoOperator.Training.Children;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>
/// The merged pod of every child against what the administrator allows (<see cref="PodAllowList"/>). Structural: a job can't
/// ignore them.
/// </summary>
internal static class PodRules
{
    private const string Restricted = "Kubernetes' pod security standard, restricted; ";

    public static IEnumerable<Rule> All { get; } =
    [
        Of(RuleNames.PodFieldNotAllowed, "this operator: a list of fields, since Kubernetes may come to know more"),
        Of(RuleNames.HostNamespace, Restricted + "allowed.hostNetwork"),
        Of(RuleNames.HostPathNotAllowed, Restricted + "allowed.hostPaths"),
        Of(RuleNames.VolumeTypeNotAllowed, Restricted + "images beside it, which are read-only"),
        Of(RuleNames.PrivilegedNotAllowed, Restricted + "allowed.privileged"),
        Of(RuleNames.CapabilityNotAllowed, Restricted + "allowed.capabilities"),
        Of(RuleNames.RootNotAllowed, Restricted + "allowed.runAsRoot"),
        Of(RuleNames.ServiceAccountNotAllowed, "this operator: whoever makes jobs must not act as others; allowed.serviceAccounts"),
        Of(RuleNames.GracePeriod, "this operator: time for a checkpoint's end, and an end of waiting"),
        Of(RuleNames.NpuRequest, "this operator: it counts a job's NPUs by workers.npusPerNode and conversion.npus"),
        Rule.Structural(RuleNames.SetupNotAllowed, "this operator: the one value that reaches a shell; allowed.setup", Setup),
    ];

    /// <summary>Everything that is wrong with the pods that a job would have.</summary>
    public static IEnumerable<(ChildKind Pod, PodViolation Violation)> Violations(CheckedJob job)
    {
        // What can't be merged has no merged pod; that rule is broken already.
        if (PodTemplates.Of(job.Spec).Any(template => TemplateForm.Problems(template).Any())) return [];
        var context = new ChildContext { Namespace = job.Namespace, JobName = job.Name, JobUid = "", Spec = job.Spec, Cluster = job.Cluster };
        return new[] { ChildKind.StatefulSet, ChildKind.InspectionJob, ChildKind.DataJob, ChildKind.ConversionJob }
            .Where(kind => kind != ChildKind.DataJob || job.Spec.Data.Prepare is not null)
            .SelectMany(kind => PodAllowList.Check(PodParts.TemplateOf(context, kind), Permit(job, kind)).Select(violation => (kind, violation)));
    }

    private static Rule Of(string name, string source) => Rule.Structural(name, source, job =>
        from found in job.PodViolations
        where found.Violation.Rule == name
        // Jobs take over the workers' contexts, under the name of a container of their own: that is one breach.
        group found by found.Violation with { Field = found.Violation.Field.Replace($"[{Names.MainContainer(found.Pod)}]", "", StringComparison.Ordinal) } into same
        select new Breach(Message(same.First().Violation, same.Select(found => PodOf(found.Pod)))));

    private static string Message(PodViolation violation, IEnumerable<string> pods)
    {
        var value = violation.Value.Length > 0 ? " " + violation.Value : "";
        var permit = violation.Permit is { } chart ? $"; the administrator permits it by the chart value {chart}" : "";
        return $"{violation.Field}{value} in the pods of {string.Join(", ", pods)} {violation.Why}{permit}";
    }

    private static PodPermit Permit(CheckedJob job, ChildKind kind) => new()
    {
        Allowed = job.Cluster.Allowed,
        OnHostNetwork = kind == ChildKind.StatefulSet && job.Spec.Workers.HostNetwork,
        OwnHostPaths = job.Spec.Workers.DriverMounts ? DriverMounts.All : [],
        MainContainer = Names.MainContainer(kind),
        NpuResource = job.Shape.ResourceName,
        Npus = kind switch
        {
            ChildKind.StatefulSet => job.Shape.NpusPerNode,
            ChildKind.ConversionJob => job.Spec.Conversion.Npus ?? job.Shape.Preset.ConversionNpus,
            _ => 0,
        },
    };

    private static string PodOf(ChildKind kind) => kind switch
    {
        ChildKind.StatefulSet => "workers",
        ChildKind.InspectionJob => "inspection",
        ChildKind.DataJob => "data.prepare",
        _ => "conversion",
    };

    private static IEnumerable<Breach> Setup(CheckedJob job)
    {
        if (!string.IsNullOrEmpty(job.Spec.Launch.Setup) && !job.Cluster.Allowed.Setup)
            yield return new Breach("launch.setup can't be used here; the administrator permits it by the chart value allowed.setup");
    }
}
