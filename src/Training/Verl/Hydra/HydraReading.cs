namespace GrpoOperator.Training.Verl.Hydra;

/// <summary>What a reader of Hydra's grammar made of a text: a result, or the reason why Hydra would refuse it.</summary>
/// <typeparam name="T">What was read.</typeparam>
/// <param name="Result">The result; null exactly when <paramref name="Error"/> is set.</param>
/// <param name="Error">Why it can't be read, for a human; null when it was read.</param>
public readonly record struct HydraReading<T>(T? Result, string? Error)
    where T : class
{
    /// <summary>A text that was read.</summary>
    public static implicit operator HydraReading<T>(T result) => new(result, null);

    internal static HydraReading<T> Refused(string error) => new(null, error);
}
