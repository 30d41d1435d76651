namespace GrpoOperator.Training.Verl;

/// <summary>Which attempt's resume arguments are wanted.</summary>
public enum ResumeArgument
{
    /// <summary>What the spec asks for: the first attempt, and later ones until this job has saved a checkpoint.</summary>
    First,

    /// <summary>A later attempt, once this job has saved: from its newest checkpoint.</summary>
    Later,
}
