using GrpoOperator.Crds;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>What a rule is about, and so whether a job may ignore it.</summary>
public enum RuleKind
{
    /// <summary>Names, ownership, required fields, security: never ignored.</summary>
    Structural,

    /// <summary>What verl or its engines would refuse, or what the published example asks for.</summary>
    Verl,

    /// <summary>What the cluster's storage can't do.</summary>
    Storage,

    /// <summary>What Ascend's device plugin or scheduler would refuse.</summary>
    Ascend,
}

/// <summary>One way in which a job breaks a rule.</summary>
/// <param name="Message">The fields, their values, the arithmetic, and what would do.</param>
/// <param name="Severity">Whether it stops the job.</param>
internal readonly record struct Breach(string Message, FindingSeverity Severity = FindingSeverity.Error);

/// <summary>A rule about a job's spec.</summary>
/// <param name="Name">Its name, one of <see cref="RuleNames"/>.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Source">Whose rule it is: where in verl, Megatron, Kubernetes or this operator it comes from.</param>
/// <param name="Check">Every breach of it in a job.</param>
internal sealed record Rule(string Name, RuleKind Kind, string Source, Func<CheckedJob, IEnumerable<Breach>> Check)
{
    /// <summary>True for rules that only verl's own entry point is known to have: with another module they are warnings.</summary>
    public bool OnlyOfMainModule { get; init; }

    /// <summary>A rule that a user never ignores.</summary>
    public static Rule Structural(string name, string source, Func<CheckedJob, IEnumerable<Breach>> check) =>
        new(name, RuleKind.Structural, source, check);

    /// <summary>
    /// A rule over the configuration that verl would compose. Without a version a job breaks it only when it does so with
    /// every release; then the mildest breach counts, of the newest release that has it. With a command of the user's own
    /// nothing is known of verl's configuration, and nothing is checked.
    /// </summary>
    public static Rule Verl(string name, string source, Func<Composition, IEnumerable<Breach>> check) =>
        new(name, RuleKind.Verl, source, job => job.RunsVerl ? InEveryRelease(job.Compositions, check) : []);

    private static List<Breach> InEveryRelease(
        IEnumerable<Composition> compositions, Func<Composition, IEnumerable<Breach>> check)
    {
        List<Breach> mildest = [];
        foreach (var breaches in compositions.Select(composition => check(composition).ToList()))
        {
            if (breaches.Count == 0)
                return [];
            if (mildest.Count == 0 || IsError(mildest) || !IsError(breaches))
                mildest = breaches;
        }

        return mildest;
    }

    private static bool IsError(IEnumerable<Breach> breaches) => breaches.Any(breach => breach.Severity is FindingSeverity.Error);
}
