namespace GrpoOperator.Operator.E2E;

/// <summary>Tests that stop nodes: no other test may have pods there meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class NodesThemselves
{
    public const string Name = "the nodes themselves";
}
