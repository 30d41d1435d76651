using GrpoOperator.Crds;

namespace GrpoOperator.Training;

/// <summary>A row of the built-in answers: what follows a failure of a class.</summary>
/// <param name="Class">The failure class.</param>
/// <param name="BeforeStep">While no step was made under this spec.</param>
/// <param name="AfterStep">Once a step was made: what worked before is not a matter of configuration.</param>
public sealed record FailureTableRow(FailureClass Class, FailureAction BeforeStep, FailureAction AfterStep);

/// <summary>The built-in answers by class; <c>failurePolicy.rules</c> come before them.</summary>
public static class FailureTable
{
    /// <summary>Every class, in the order of the documentation.</summary>
    public static IReadOnlyList<FailureTableRow> Rows { get; } =
    [
        new(FailureClass.Configuration, FailureAction.Fail, FailureAction.Restart),
        new(FailureClass.OutOfMemory, FailureAction.Fail, FailureAction.Restart),
        new(FailureClass.Infrastructure, FailureAction.RestartWithoutCount, FailureAction.RestartWithoutCount),
        new(FailureClass.Startup, FailureAction.Restart, FailureAction.Restart),
        new(FailureClass.Runtime, FailureAction.Restart, FailureAction.Restart),
        new(FailureClass.Stall, FailureAction.Restart, FailureAction.Restart),
        new(FailureClass.Deadline, FailureAction.Fail, FailureAction.Fail),
        new(FailureClass.Unknown, FailureAction.Restart, FailureAction.Restart),
    ];

    /// <summary>The answer to a class.</summary>
    /// <param name="class">The class.</param>
    /// <param name="stepMade">Whether a step was made under this spec.</param>
    public static FailureAction Answer(FailureClass @class, bool stepMade)
    {
        var row = Rows.First(row => row.Class == @class);
        return stepMade ? row.AfterStep : row.BeforeStep;
    }
}
