namespace GrpoOperator.Operator.Cli.Manifests;

/// <summary>What a <see cref="Remark"/> says of a document.</summary>
internal enum RemarkKind
{
    /// <summary>It is wrong.</summary>
    Error,

    /// <summary>It is allowed, and probably not meant.</summary>
    Warning,

    /// <summary>It is none of ours.</summary>
    Skipped,

    /// <summary>A number that follows from it.</summary>
    Figure,

    /// <summary>Something that is only known in a cluster.</summary>
    Unknown,
}
