using System.CommandLine;
using GrpoOperator.Operator.Cli.Manifests;
using GrpoOperator.Operator.Cli.Render;
using GrpoOperator.Training;

namespace GrpoOperator.Operator.Cli;

/// <summary><c>render</c>: the objects that the operator would make for a job's first attempt, without a cluster.</summary>
internal sealed class RenderCommand : Command
{
    private readonly ManifestOptions manifests = new();
    private readonly Option<string> output = new("--output", "-o") { Description = "yaml or json.", DefaultValueFactory = _ => "yaml" };
    private readonly Option<bool> networkPolicy = new("--network-policy") { Description = "Whether the cluster's operator makes NetworkPolicies.", DefaultValueFactory = _ => true };
    private readonly Option<bool> volcano = new("--volcano") { Description = "Whether the cluster serves Volcano's PodGroups." };
    private readonly Option<bool> podGroups = new("--volcano-pod-groups") { Description = "Whether the cluster's operator makes PodGroups of its own." };

    /// <summary>The command.</summary>
    /// <param name="input">Opens the standard input.</param>
    public RenderCommand(Func<Stream> input)
        : base("render", "Prints the objects that the operator makes for GrpoTrainingJobs, without a cluster.")
    {
        output.AcceptOnlyFromAmong("yaml", "json");
        foreach (var option in manifests.All.Concat([output, networkPolicy, volcano, podGroups])) Options.Add(option);
        SetAction(result => Run(result, input));
    }

    private int Run(ParseResult result, Func<Stream> input)
    {
        var error = result.InvocationConfiguration.Error;
        var cluster = new ClusterFacts { NetworkPolicy = result.GetValue(networkPolicy), Volcano = result.GetValue(volcano), PodGroups = result.GetValue(podGroups) };
        var check = manifests.Check(result, cluster);
        var files = manifests.Read(result, input, check).ToList();
        foreach (var missing in files.Select(read => read.File.Missing).OfType<string>()) error.WriteLine(missing);
        foreach (var remark in files.SelectMany(read => read.Manifests.SelectMany(manifest => manifest.Remarks).Prepend(read.File.Refusal)).OfType<Remark>()) error.WriteLine(remark);
        if (files.Any(read => read.File.Missing is not null)) return ExitCodes.WrongCall;

        // All or nothing: half of what was asked for would be applied as if it were the whole.
        var judged = files.SelectMany(read => read.Manifests).Where(manifest => !manifest.IsSkipped).ToList();
        if (files.Any(read => read.File.Refusal is not null) || judged.Exists(manifest => manifest.IsWrong)) return ExitCodes.WrongJob;
        if (judged.Count == 0)
        {
            error.WriteLine("no GrpoTrainingJob is there to be rendered");
            return ExitCodes.WrongCall;
        }

        Write(result, [.. judged.Select(manifest => RenderedJob.Of(manifest, check))]);
        return ExitCodes.Fine;
    }

    private void Write(ParseResult result, IReadOnlyList<RenderedJob> jobs)
    {
        if (result.GetValue(output) == "yaml")
        {
            RenderedText.WriteYaml(result.InvocationConfiguration.Output, jobs);
            return;
        }

        foreach (var unknown in jobs.SelectMany(job => job.Unknowns)) result.InvocationConfiguration.Error.WriteLine(unknown);
        RenderedText.WriteJson(result.InvocationConfiguration.Output, jobs);
    }
}
