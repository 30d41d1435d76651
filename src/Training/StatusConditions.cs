using GrpoOperator.Crds;

namespace GrpoOperator.Training;

/// <summary>Reading conditions.</summary>
public static class StatusConditions
{
    /// <summary>The condition of that type, or null.</summary>
    public static Condition? Condition(this GrpoTrainingJobStatus status, string type) => status.Conditions.FirstOrDefault(c => c.Type == type);

    /// <summary>Whether the condition is there and true.</summary>
    public static bool Is(this GrpoTrainingJobStatus status, string type) => status.Condition(type)?.Status == ConditionStatus.True;
}
