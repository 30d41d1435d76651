using System.CommandLine;
using GrpoOperator.Crds;
using GrpoOperator.Operator.Cli.Manifests;
using GrpoOperator.Training;
using GrpoOperator.Training.Verl.Figures;
using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Operator.Cli;

/// <summary><c>validate</c>: every rule that a job breaks, without a cluster.</summary>
internal sealed class ValidateCommand : Command
{
    private readonly ManifestOptions manifests = new();
    private readonly Option<bool> explain = new("--explain") { Description = "Shows the figures that follow from each job." };
    private readonly Option<long?> trainRows = new("--train-rows") { Description = "Rows of all training files, for the figures; by default what the job's status tells." };
    private readonly Option<long?> parameters = new("--parameters") { Description = "Parameters of the model, for the figures; by default what the job's status tells." };

    /// <summary>The command.</summary>
    /// <param name="input">Opens the standard input.</param>
    public ValidateCommand(Func<Stream> input)
        : base("validate", "Checks GrpoTrainingJobs against the API and every rule, without a cluster.")
    {
        foreach (var option in manifests.All.Concat([explain, trainRows, parameters])) Options.Add(option);
        SetAction(result => Run(result, input));
    }

    private int Run(ParseResult result, Func<Stream> input)
    {
        var (output, error) = (result.InvocationConfiguration.Output, result.InvocationConfiguration.Error);
        var tally = new Tally();
        foreach (var (file, judged) in manifests.Read(result, input, manifests.Check(result, new ClusterFacts())))
        {
            tally.Add(file, judged);
            if (file.Missing is { } missing) error.WriteLine(missing);
            if (file.Refusal is { } refusal) output.WriteLine(refusal);
            foreach (var manifest in judged)
            {
                foreach (var remark in manifest.Remarks) output.WriteLine(remark);
                if (result.GetValue(explain) && manifest.Job?.Spec is { } spec) Explain(output, result, manifest, spec);
            }
        }

        error.WriteLine(tally);
        return tally.ExitCode;
    }

    private void Explain(TextWriter output, ParseResult result, CheckedManifest judged, GrpoTrainingJobSpec spec)
    {
        var (job, manifest) = (judged.Job!, judged.Manifest);
        var known = InspectedFacts.Of(job.Status.Inspection);
        var facts = known with { TrainRows = result.GetValue(trainRows) ?? known.TrainRows, Parameters = result.GetValue(parameters) ?? known.Parameters };
        foreach (var figure in JobFigures.Of(spec, job.Namespace, job.Name, facts))
            output.WriteLine(new Remark(manifest.File, manifest.PositionOf(""), RemarkKind.Figure, figure.Name, $"{job.Namespace}/{job.Name}", figure.Text));
    }
}
