using System.Text;
using System.Text.Json;
using GrpoOperator.Crds;
using GrpoOperator.Crds.Schema;
using GrpoOperator.Operator.Views;
using GrpoOperator.Training;
using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Operator.Cli.Manifests;

/// <summary>Judges objects as an API server and the operator would: the schema first, then every rule about jobs.</summary>
/// <param name="Namespace">Namespace of jobs that name none.</param>
/// <param name="Cluster">What the cluster has and its administrator allows.</param>
internal sealed record ManifestCheck(string Namespace, ClusterFacts Cluster)
{
    /// <summary>Judges one object.</summary>
    public CheckedManifest Check(Manifest manifest)
    {
        if (manifest is { ApiVersion: null } or { Kind: null })
            return Wrong(manifest, RemarkNames.Kind, "is no Kubernetes object: apiVersion and kind are texts that it must have");
        if (manifest is { ApiVersion: V1alpha1GrpoTrainingJob.KubeGroupVersion, Kind: V1alpha1GrpoTrainingJob.KubeKind })
            return CheckJob(manifest);
        // Skipped without a word, a slip of the pen would pass for a job that is right.
        var ours = manifest.Kind == V1alpha1GrpoTrainingJob.KubeKind || manifest.ApiVersion.StartsWith(V1alpha1GrpoTrainingJob.KubeGroup + "/", StringComparison.Ordinal);
        return ours || NearestName.Of(manifest.Kind, [V1alpha1GrpoTrainingJob.KubeKind]) is not null
            ? Wrong(manifest, RemarkNames.Kind, $"{manifest.ApiVersion} {manifest.Kind} is not known; {V1alpha1GrpoTrainingJob.KubeGroupVersion} {V1alpha1GrpoTrainingJob.KubeKind} is")
            : new CheckedManifest(manifest, null, [Remark(manifest, "", RemarkKind.Skipped, manifest.Kind, $"{manifest.ApiVersion} {manifest.Kind} is no {V1alpha1GrpoTrainingJob.KubeKind}")]);
    }

    private CheckedManifest CheckJob(Manifest manifest)
    {
        var violations = CrdSchema.Check(manifest.Root, manifest.SourceOf);
        var remarks = violations.Select(violation => Remark(
            manifest, violation.Path, RemarkKind.Error, violation.Problem == SchemaProblem.UnknownField ? RemarkNames.UnknownField : RemarkNames.Schema, $"{violation.Path} {violation.Message}")).ToList();
        // What doesn't fit the schema can't be judged by rules: they are made for what a server lets through.
        if (violations.Any(violation => violation.Problem != SchemaProblem.UnknownField)) return new CheckedManifest(manifest, null, remarks);
        ObservedTrainingJob job;
        try
        {
            job = TrainingJobView.Decode(Encoding.UTF8.GetBytes(manifest.Root.GetRawText()))!.Job with { Namespace = NamespaceOf(manifest), Name = manifest.Name };
        }
        catch (JsonException exception)
        {
            return new CheckedManifest(manifest, null, [.. remarks, Remark(manifest, "", RemarkKind.Error, RemarkNames.Schema, $"{exception.Path?.TrimStart('$', '.')} can't be read")]);
        }

        if (job.Spec is not { } spec)
            return new CheckedManifest(manifest, null, [.. remarks, Remark(manifest, "spec", RemarkKind.Error, RemarkNames.Schema, job.DecodeError ?? "spec is missing")]);
        remarks.AddRange(Findings(job, spec).Select(finding => Remark(
            manifest, FieldOf(finding.Message), finding.Severity == FindingSeverity.Error ? RemarkKind.Error : RemarkKind.Warning, finding.Rule, finding.Message)));
        return new CheckedManifest(manifest, job, remarks);
    }

    private IEnumerable<Finding> Findings(ObservedTrainingJob job, GrpoTrainingJobSpec spec)
    {
        var exposed = RayExposure.Of(spec, job.Uid.Length > 0 ? job.Uid : null);
        return SpecRules.Check(spec, job.Namespace, job.Name, Cluster).Concat(exposed is null ? [] : [exposed]);
    }

    /// <summary>Messages of rules begin with the field that they speak of, where there is one.</summary>
    private static string FieldOf(string message)
    {
        var first = message.Split(' ', 2)[0];
        return first.StartsWith("metadata.", StringComparison.Ordinal) ? first : $"spec.{first}";
    }

    private CheckedManifest Wrong(Manifest manifest, string name, string message) =>
        new(manifest, null, [Remark(manifest, "", RemarkKind.Error, name, message)]);

    /// <summary>A line about an object.</summary>
    public Remark Remark(Manifest manifest, string path, RemarkKind kind, string name, string message) =>
        new(manifest.File, manifest.PositionOf(path), kind, name, manifest.Name.Length == 0 ? null : $"{NamespaceOf(manifest)}/{manifest.Name}", message);

    private string NamespaceOf(Manifest manifest) => manifest.Namespace ?? Namespace;
}
