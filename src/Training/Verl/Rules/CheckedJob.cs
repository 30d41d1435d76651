using GrpoOperator.Crds;
using GrpoOperator.Training.Ascend;
using GrpoOperator.Training.Children;
using GrpoOperator.Training.Verl.Hydra;
using GrpoOperator.Training.Verl.Keys;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>An override with what Hydra reads in it.</summary>
/// <param name="Text">As the spec has it.</param>
/// <param name="Reading">What it says, or why Hydra would refuse it.</param>
internal sealed record ReadOverride(string Text, HydraReading<Assignment> Reading);

/// <summary>A job as the rules see it; everything derived is made once, when first asked for.</summary>
internal sealed class CheckedJob
{
    private readonly Lazy<IReadOnlyList<Composition>> _compositions;
    private readonly Lazy<IReadOnlyList<(ChildKind Pod, PodViolation Violation)>> _podViolations;

    public CheckedJob(GrpoTrainingJobSpec spec, string @namespace, string name, ClusterFacts cluster)
    {
        Spec = spec;
        Namespace = @namespace;
        Name = name;
        Cluster = cluster;
        Shape = JobShape.Of(spec);
        Version = VerlVersion.Parse(spec.VerlVersion);
        Overrides = [.. (spec.Overrides ?? []).Select(text => new ReadOverride(text, Assignment.Read(text)))];
        Assignments = [.. Overrides.Select(item => item.Reading.Result ?? Assignment.ReadForm(item.Text)).OfType<Assignment>()];
        _compositions = new(Compose);
        _podViolations = new(() => [.. PodRules.Violations(this)]);
    }

    public GrpoTrainingJobSpec Spec { get; }

    public string Namespace { get; }

    public string Name { get; }

    public ClusterFacts Cluster { get; }

    /// <summary>What the inspection found out; nothing before it.</summary>
    public InspectedFacts Facts { get; init; } = InspectedFacts.None;

    public JobShape Shape { get; }

    /// <summary>The version that the spec names; null when it names none, or none that can be read.</summary>
    public VerlVersion? Version { get; }

    public IReadOnlyList<ReadOverride> Overrides { get; }

    /// <summary>The overrides; one whose value can't be read stands with its key and the text as it is.</summary>
    public IReadOnlyList<Assignment> Assignments { get; }

    /// <summary>False when a command of the user's own takes the place of verl's.</summary>
    public bool RunsVerl => Spec.Launch.Command is not { Count: > 0 };

    /// <summary>True when verl's own entry point runs.</summary>
    public bool RunsMainModule => RunsVerl && (Spec.Launch.Module ?? LaunchSpec.DefaultModule) is LaunchSpec.DefaultModule;

    /// <summary>The configuration with each release that the job may run on.</summary>
    public IReadOnlyList<Composition> Compositions => _compositions.Value;

    /// <summary>What the job's pods would have and may not.</summary>
    public IReadOnlyList<(ChildKind Pod, PodViolation Violation)> PodViolations => _podViolations.Value;

    private IReadOnlyList<Composition> Compose()
    {
        var assignments = Arguments.Assignments(Spec, Namespace, Name, Shape, ResumeArgument.First)
            .Select(text => Assignment.Read(text).Result)
            .OfType<Assignment>()
            .ToList();
        return [.. VerlRelease.Candidates(Version).Select(release => new Composition(this, release, assignments))];
    }
}
