namespace GrpoOperator.Crds.Yaml;

/// <summary>Text that <see cref="KubectlYaml"/> can't or won't read, with the place.</summary>
public sealed class YamlReadException : Exception
{
    /// <summary>A refusal at a place.</summary>
    public YamlReadException(YamlPosition position, string reason, Exception? inner = null)
        : base($"line {position.Line}, column {position.Column}: {reason}", inner)
    {
        Position = position;
        Reason = reason;
    }

    /// <summary>Where it is.</summary>
    public YamlPosition Position { get; }

    /// <summary>What is wrong, without the place.</summary>
    public string Reason { get; }
}
