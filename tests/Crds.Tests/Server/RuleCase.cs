using System.Text.Json.Nodes;

namespace GrpoOperator.Crds.Tests.Server;

/// <summary>A case of rule-cases.json: the example with some values set, and the rules that it breaks, if any.</summary>
public sealed record RuleCase(string Name, string? Base, JsonObject Set, IReadOnlyList<string> Breaks)
{
    /// <summary>True when the server leaves it to the operator, which knows of everything that may change the values.</summary>
    public bool IsLeftToOperator { get; init; }

    public static IReadOnlyList<RuleCase> All { get; } = Read();

    /// <summary>The object of the case.</summary>
    public JsonObject Job()
    {
        var job = Example.Copy();
        if (Base == "fsdp")
        {
            Example.Set(job, "spec.strategy", "\"FSDP\"");
            foreach (var path in (string[])["spec.model.weights", "spec.model.distCheckpointPath", "spec.actor.parallelism", "spec.actor.offload", "spec.actor.transformerConfig", "spec.reference.parallelism", "spec.reference.offloadParameters"])
                Example.Set(job, path, null);
        }

        foreach (var (path, value) in Set)
            Example.Set(job, path, value?.ToJsonString());
        return job;
    }

    public override string ToString() => Name;

    private static List<RuleCase> Read()
    {
        using var stream = typeof(RuleCase).Assembly.GetManifestResourceStream("rule-cases.json")!;
        return [.. JsonNode.Parse(stream)!.AsArray().Select(c => new RuleCase((string)c!["case"]!, (string?)c["base"], c["set"]!.AsObject(), ((string?)c["breaks"])?.Split(' ') ?? []) { IsLeftToOperator = c["leftToOperator"] is not null })];
    }
}
