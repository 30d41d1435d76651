namespace GrpoOperator.Simulation.Operators;

/// <summary>What goes wrong around one write.</summary>
internal enum WriteFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The process dies before it sends.</summary>
    CrashBefore,

    /// <summary>The process dies before it reads the answer.</summary>
    CrashAfter,

    /// <summary>The process loses its lease; what it had sent arrives when another leads.</summary>
    Late,

    /// <summary>The server refuses for a passing reason; nothing is written.</summary>
    Throttled,

    /// <summary>It is written, and the answer is lost.</summary>
    AnswerLost,
}

/// <summary>The faults of a history: at random, or at one write that is named by its number.</summary>
internal sealed class WriteFaults(Func<int, WriteFault> at)
{
    /// <summary>Nothing goes wrong.</summary>
    public static WriteFaults None() => new(_ => WriteFault.None);

    /// <summary>A few at random.</summary>
    public static WriteFaults AtRandom(Chance chance)
    {
        var crashes = chance.Below(5);
        var hiccups = chance.Below(4);
        return new(_ =>
        {
            if (crashes > 0 && chance.OneIn(14))
            {
                crashes--;
                return chance.Of(WriteFault.CrashBefore, WriteFault.CrashAfter, WriteFault.Late);
            }

            if (hiccups == 0 || !chance.OneIn(14)) return WriteFault.None;
            hiccups--;
            return chance.Of(WriteFault.Throttled, WriteFault.AnswerLost);
        });
    }

    /// <summary>One fault at one write.</summary>
    public static WriteFaults AtWrite(int number, WriteFault fault) => new(write => write == number ? fault : WriteFault.None);

    /// <summary>Writes so far.</summary>
    public int Writes { get; private set; }

    /// <summary>What happens to the next write.</summary>
    public WriteFault Next() => at(++Writes);
}

/// <summary>The process dies here.</summary>
internal sealed class CrashException : Exception;
