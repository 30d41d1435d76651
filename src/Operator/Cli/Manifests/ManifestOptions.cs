using System.CommandLine;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.Cli.Manifests;

/// <summary>The options of every command that reads manifests: which files, and what cluster to think of.</summary>
internal sealed class ManifestOptions
{
    private readonly Option<string[]> files = new("--filename", "-f")
    {
        Description = "Files or directories with manifests, YAML or JSON; - is the standard input.",
        Required = true,
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> @namespace = new("--namespace", "-n") { Description = "Namespace of jobs that name none.", DefaultValueFactory = _ => "default" };
    private readonly AllowedPodOptions allowed = new();

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [files, @namespace, .. allowed.All];

    /// <summary>How a command line wants its objects judged.</summary>
    public ManifestCheck Check(ParseResult result, ClusterFacts cluster) => new(result.GetValue(@namespace)!, cluster with { Allowed = allowed.Read(result) });

    /// <summary>Reads and judges the files, in their order, each when it is asked for: a thousand of them need not be held at once.</summary>
    public IEnumerable<(ManifestFile File, IReadOnlyList<CheckedManifest> Manifests)> Read(ParseResult result, Func<Stream> input, ManifestCheck check) =>
        ManifestFile.Expand(result.GetValue(files)!).AsParallel().AsOrdered().Select(name =>
        {
            var file = ManifestFile.Read(name, input);
            return (file, (IReadOnlyList<CheckedManifest>)[.. file.Manifests.Select(check.Check)]);
        });
}
