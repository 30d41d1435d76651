using System.Text.Json;
using System.Text.Json.Nodes;
using GrpoOperator.Crds;

namespace GrpoOperator.Operator.Cli.Import;

/// <summary>The job while it is put together: JSON by paths, with comments.</summary>
internal sealed class JobTree
{
    private static readonly string[] Order =
    [
        "image", "verlVersion", "strategy", "model", "data", "reward", "algorithm", "actor", "reference", "rollout", "trainer", "overrides",
        "launch", "workers", "ray", "env", "volumes", "volumeMounts",
    ];

    private readonly JsonObject spec = [];
    private readonly List<(string Path, string Text)> comments = [];

    public JobTree(string name) => Name = name;

    /// <summary>The job's name.</summary>
    public string Name { get; }

    /// <summary>Comments, each before the value at its path.</summary>
    public IReadOnlyList<(string Path, string Text)> Comments => comments;

    /// <summary>Adds a comment before a field of the spec; an empty path stands for the whole file.</summary>
    public void Comment(string path, string text) => comments.Add((path.Length == 0 ? "" : $"spec.{path}", text));

    /// <summary>True when a field of the spec has a value.</summary>
    public bool Has(IReadOnlyList<string> path) => Parent(path, make: false) is { } parent && parent.ContainsKey(path[^1]);

    /// <summary>Gives a field of the spec a value.</summary>
    public void Set(string path, JsonNode? value) => Set(path.Split('.'), value);

    /// <summary>Gives a field of the spec a value.</summary>
    public void Set(IReadOnlyList<string> path, JsonNode? value) => Parent(path, make: true)![path[^1]] = value;

    /// <summary>Takes a field away, and what is empty without it.</summary>
    public void Remove(IReadOnlyList<string> path)
    {
        if (Parent(path, make: false) is not { } parent)
            return;
        parent.Remove(path[^1]);
        if (parent.Count == 0 && path.Count > 1)
            Remove([.. path.Take(path.Count - 1)]);
    }

    /// <summary>The spec as the operator reads it.</summary>
    public GrpoTrainingJobSpec Spec() => spec.Deserialize(CrdJsonContext.Default.GrpoTrainingJobSpec)!;

    /// <summary>The whole job.</summary>
    public JsonObject Job()
    {
        var ordered = new JsonObject();
        foreach (var (name, value) in spec.OrderBy(member => Array.IndexOf(Order, member.Key)))
            ordered[name] = value?.DeepClone();
        return new JsonObject
        {
            ["apiVersion"] = V1alpha1GrpoTrainingJob.KubeGroupVersion,
            ["kind"] = V1alpha1GrpoTrainingJob.KubeKind,
            ["metadata"] = new JsonObject { ["name"] = Name },
            ["spec"] = ordered,
        };
    }

    private JsonObject? Parent(IReadOnlyList<string> path, bool make)
    {
        var at = spec;
        foreach (var name in path.Take(path.Count - 1))
        {
            if (at[name] is JsonObject next)
                at = next;
            else if (make)
                at[name] = next = [];
            else
                return null;
            at = next;
        }

        return at;
    }
}
