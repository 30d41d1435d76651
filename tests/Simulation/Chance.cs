namespace GrpoOperator.Simulation;

/// <summary>A source of chance that a seed determines.</summary>
internal sealed class Chance(int seed)
{
    private readonly Random random = new(seed);

    /// <summary>Whether something happens that happens once in so many times.</summary>
    public bool OneIn(int times) => random.Next(times) == 0;

    /// <summary>A whole number from 0, below a limit.</summary>
    public int Below(int limit) => random.Next(limit);

    /// <summary>A whole number in a range, both ends included.</summary>
    public int Between(int least, int most) => random.Next(least, most + 1);

    /// <summary>Seconds in a range, small ones as likely as large ones by their order of magnitude.</summary>
    public double Seconds(double least, double most) => least * Math.Pow(most / least, random.NextDouble());

    /// <summary>One of several.</summary>
    public T Of<T>(params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];
}
