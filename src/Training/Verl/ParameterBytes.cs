namespace GrpoOperator.Training.Verl;

/// <summary>What a parameter of the model takes, in memory and in a checkpoint.</summary>
internal static class ParameterBytes
{
    /// <summary>Bytes of a weight in bf16.</summary>
    public const int Weight = 2;

    /// <summary>Bytes of Adam's state for each parameter: the weight and two moments, all in fp32.</summary>
    public const int Optimizer = 12;

    /// <summary>A GB: 10⁹ bytes.</summary>
    public const double Giga = 1e9;

    /// <summary>An amount of bytes in GB, with one decimal.</summary>
    public static string GB(double bytes) => $"{bytes / Giga:0.0} GB";
}
