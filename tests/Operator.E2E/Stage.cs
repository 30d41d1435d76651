using System.Text.Json.Nodes;
using GrpoOperator.Operator.Cluster;

namespace GrpoOperator.Operator.E2E;

/// <summary>A namespace with a small job's inputs, NPUs set aside for it, and an operator that waits a tenth of the usual times.</summary>
internal sealed class Stage : IAsyncDisposable
{
    /// <summary>Two nodes of two NPUs, restarts after a second or two, nothing inspected.</summary>
    private const string Hasty = "spec: {inspection: {policy: Skip}, workers: {nodes: 2}, failurePolicy: {backoff: {initialSeconds: 1, maxSeconds: 2}}}";

    private readonly bool nodeAccess;
    private Npus? npus;
    private int operators;
    private OperatorProcess? @operator;

    private Stage(TestNamespace @namespace, bool nodeAccess)
    {
        Namespace = @namespace;
        this.nodeAccess = nodeAccess;
    }

    public TestNamespace Namespace { get; }

    /// <summary>Sets it up.</summary>
    /// <param name="purpose">Becomes part of the namespace's name.</param>
    /// <param name="each">NPUs on each of the two nodes.</param>
    /// <param name="nodeAccess">Whether the operator may read nodes.</param>
    public static async Task<Stage> SetAsync(string purpose, int each = 2, bool nodeAccess = false)
    {
        var @namespace = await TestNamespace.CreateAsync(purpose, nodeAccess: nodeAccess);
        await @namespace.MakeInputsAsync();
        var stage = new Stage(@namespace, nodeAccess);
        await stage.StartOperatorAsync();
        // Last: who waits for NPUs holds up nobody with what needs none.
        stage.npus = await Npus.ReserveAsync(nodes: 2, each);
        return stage;
    }

    /// <summary>Ends the operator by SIGKILL and starts another, which has to wait for the lease of the first.</summary>
    public async Task ReplaceOperatorAsync()
    {
        await @operator!.KillAsync();
        await @operator.DisposeAsync();
        await StartOperatorAsync();
    }

    /// <summary>Makes a small job of two nodes.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="steps">Steps of about a second.</param>
    /// <param name="patch">What else its spec says, as the inside of a YAML flow mapping.</param>
    /// <param name="fault">Fault of the stand-in.</param>
    public Task<TrainingJob> CreateAsync(string name, int steps, string patch = "", string fault = "")
    {
        JsonNode? job = Samples.Small(name, steps, Hasty);
        if (fault.Length > 0) job = Samples.Merge(job, Samples.Yaml($"spec: {{env: [{{name: STANDIN_FAULT, value: '{fault}'}}]}}"));
        if (patch.Length > 0) job = Samples.Merge(job, Samples.Yaml($"spec: {{{patch}}}"));
        return TrainingJob.CreateAsync(Namespace, job!.AsObject());
    }

    public async ValueTask DisposeAsync()
    {
        if (@operator is not null) await @operator.DisposeAsync();
        await Namespace.DisposeAsync();
        npus?.Dispose();
    }

    private async Task StartOperatorAsync() => @operator = await OperatorProcess.StartAsync(
        Namespace, $"operator-{++operators}", timeScale: 0.1, arguments: [$"--node-access={(nodeAccess ? "true" : "false")}"]);
}
