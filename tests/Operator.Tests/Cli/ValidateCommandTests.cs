using System.Text;
using GrpoOperator.Operator.Cli;

namespace GrpoOperator.Operator.Tests.Cli;

public sealed class ValidateCommandTests
{
    private const string Other = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other, namespace: b}\n";

    public static TheoryData<string> Samples => [.. SampleFiles.Names];

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task A_sample_is_fine_and_says_nothing(string name)
    {
        var call = await Call.Of("validate", "-f", SampleFiles.PathOf(name));
        Assert.Equal((ExitCodes.Fine, ""), (call.Code, call.Output));
        Assert.Equal("1 job in 1 file: 0 wrong, 0 warnings\n", call.Error);
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("validate -f")]
    [InlineData("validate -f x --no-such-option")]
    [InlineData("validate -f x --train-rows many")]
    [InlineData("no-such-command")]
    public async Task A_call_that_cannot_be_read_ends_with_two(string arguments)
    {
        var call = await Call.Of(arguments.Split(' '));
        Assert.Equal(ExitCodes.WrongCall, call.Code);
        Assert.NotEmpty(call.Error);
        Assert.Empty(call.Output);
    }

    [Fact]
    public void The_exit_codes_are_those_that_hooks_count_on() => Assert.Equal((0, 1, 2), (ExitCodes.Fine, ExitCodes.WrongJob, ExitCodes.WrongCall));

    [Fact]
    public async Task Files_can_be_listed_in_a_file()
    {
        using var folder = new TemporaryFolder();
        var list = folder.Write("files", $"{SampleFiles.PathOf("minimal")}\n{SampleFiles.PathOf("qwen3-8b-a2")}\n");
        Assert.Equal("2 jobs in 2 files: 0 wrong, 0 warnings\n", (await Call.Of("validate", "-f", $"@{list}")).Error);
    }

    [Fact]
    public async Task A_file_that_is_not_there_ends_with_two_and_the_others_are_judged()
    {
        using var folder = new TemporaryFolder();
        var wrong = folder.Write("wrong.yaml", SampleFiles.Text("minimal", "trainBatchSize: 16", "trainBatchSize: 15"));
        var call = await Call.Of("validate", "-f", "/no/such/file.yaml", wrong);
        Assert.Equal(ExitCodes.WrongCall, call.Code);
        Assert.Contains("/no/such/file.yaml: ", call.Error, StringComparison.Ordinal);
        Assert.Contains($"{wrong}:", call.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_broken_rule_is_one_line_with_its_place_its_name_and_its_job()
    {
        var text = SampleFiles.Text("qwen3-30b-a3b", "ppoMicroBatchSizePerNpu: 8", "ppoMicroBatchSizePerNpu: 7").Replace("cpu: \"64\"", "cpu: \"32\"", StringComparison.Ordinal);
        var call = await Call.WithInput(text, "validate", "-n", "team-a", "-f", "-");
        Assert.Equal(ExitCodes.WrongJob, call.Code);
        var line = text.Split('\n').ToList().FindIndex(l => l.Contains("ppoMiniBatchSize", StringComparison.Ordinal)) + 1;
        Assert.Contains($"stdin:{line}:23: error MicroBatchWithinMiniBatch: team-a/qwen3-30b-a3b: actor.ppoMiniBatchSize 16 is not divisible by actor.ppoMicroBatchSizePerNpu 7; 4 or 8 would do", call.Lines);
        Assert.Equal(["RayCpus", "RealTrainBatchSize", "MicroBatchDivides", "MicroBatchWithinMiniBatch"], call.Lines.Select(l => l.Split(' ')[2].TrimEnd(':')));
    }

    [Fact]
    public async Task Warnings_do_not_change_the_end()
    {
        var call = await Call.WithInput(SampleFiles.Text("qwen3-8b-a2", "samplesPerPrompt: 8", "samplesPerPrompt: 1"), "validate", "-f", "-");
        Assert.Equal(ExitCodes.Fine, call.Code);
        Assert.Contains(call.Lines, line => line.Contains(": warning SingleSampleGroup: default/qwen3-8b-a2: ", StringComparison.Ordinal));
        Assert.DoesNotContain(": error ", call.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Documents_are_judged_in_order_and_others_are_told_and_skipped()
    {
        var wrong = SampleFiles.Text("minimal", "totalSteps: 16", "testFrequency: 4");
        var call = await Call.WithInput($"{Other}---\n{wrong}\n---\n# nothing\n---\n{SampleFiles.Text("qwen3-8b-a2")}---\n{wrong}", "validate", "-f", "-");
        Assert.Equal(ExitCodes.WrongJob, call.Code);
        Assert.Equal("stdin:1:1: skipped ConfigMap: b/other: v1 ConfigMap is no GrpoTrainingJob", call.Lines[0]);
        Assert.Equal(["skipped", "error", "error"], call.Lines.Select(line => line.Split(' ')[1]));
        var places = call.Lines.Select(line => int.Parse(line.Split(':')[1], null)).ToList();
        Assert.Equal(places.Order(), places);
        Assert.Equal("3 jobs in 1 file: 2 wrong, 0 warnings; 1 document of other kinds skipped\n", call.Error);
    }

    [Fact]
    public async Task Only_other_kinds_are_fine()
    {
        var call = await Call.WithInput(Other, "validate", "-f", "-");
        Assert.Equal(ExitCodes.Fine, call.Code);
    }

    [Theory]
    [InlineData("apiVersion: grpo-operator.dev/v1\nkind: GrpoTrainingJob\n", "grpo-operator.dev/v1 GrpoTrainingJob is not known")]
    [InlineData("apiVersion: grpo-operator.dev/v1alpha1\nkind: GrpoJob\n", "GrpoJob is not known")]
    [InlineData("apiVersion: kubeflow.org/v1\nkind: GrpoTrainigJob\n", "GrpoTrainigJob is not known; grpo-operator.dev/v1alpha1 GrpoTrainingJob is")]
    [InlineData("kind: GrpoTrainingJob\n", "is no Kubernetes object")]
    [InlineData("just a text\n", "is no Kubernetes object")]
    [InlineData("[1, 2]\n", "is no Kubernetes object")]
    public async Task What_is_almost_a_job_is_no_other_kind(string text, string message)
    {
        var call = await Call.WithInput(text, "validate", "-f", "-");
        Assert.Equal(ExitCodes.WrongJob, call.Code);
        Assert.Contains("stdin:1:1: error Kind: ", call.Output, StringComparison.Ordinal);
        Assert.Contains(message, call.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Items_of_a_list_are_objects()
    {
        var items = string.Concat(new[] { Other, SampleFiles.Text("minimal", "trainBatchSize: 16", "trainBatchSize: sixteen") }.Select(text => "- " + text.TrimEnd().Replace("\n", "\n  ", StringComparison.Ordinal) + "\n"));
        var call = await Call.WithInput($"apiVersion: v1\nkind: List\nitems:\n{items}", "validate", "-f", "-");
        Assert.Equal(ExitCodes.WrongJob, call.Code);
        Assert.Equal(2, call.Lines.Length);
        Assert.EndsWith(": error Schema: default/minimal: spec.data.trainBatchSize must be an integer, without quotes", call.Lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain("stdin:1:1", call.Lines[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("learningRate: \"1e-6\"", "lerningRate: \"1e-6\"", "error UnknownField: default/qwen3-30b-a3b: spec.actor.lerningRate is no known field; learningRate is")]
    [InlineData("learningRate: \"1e-6\"", "zzz: 1", "error UnknownField: default/qwen3-30b-a3b: spec.actor.zzz is no known field")]
    [InlineData("  name: qwen3-30b-a3b", "  name: qwen3-30b-a3b\n  lables: {a: b}", "error UnknownField: default/qwen3-30b-a3b: metadata.lables is no known field; labels is")]
    [InlineData("  name: qwen3-30b-a3b", "  name: qwen3-30b-a3b\n  labels: {a: 1}", "error Schema: default/qwen3-30b-a3b: metadata.labels.a must be a string: write \"1\" with its quotes")]
    [InlineData("learningRate: \"1e-6\"", "learningRate: 1e-6", "error Schema: default/qwen3-30b-a3b: spec.actor.learningRate must be a string: write \"1e-6\" with its quotes")]
    [InlineData("learningRate: \"1e-6\"", "learningRate: 1E6", "error Schema: default/qwen3-30b-a3b: spec.actor.learningRate must be a string: write \"1E6\" with its quotes")]
    [InlineData("projectName: verl_grpo_example_gsm8k_math_base", "projectName: on", "error Schema: default/qwen3-30b-a3b: spec.trainer.projectName must be a string: write \"on\" with its quotes")]
    [InlineData("value: max_split_size_mb:2048", "value: on", "error VariableForm: default/qwen3-30b-a3b: env[3].value is true, not a text; write it with quotes")]
    [InlineData("filterOverlongPrompts: true", "filterOverlongPrompts: \"on\"", "error Schema: default/qwen3-30b-a3b: spec.data.filterOverlongPrompts must be true or false, without quotes")]
    [InlineData("    totalEpochs: 10", "    totalEpochs: 10\n    totalEpochs: 11", "error Yaml: key \"totalEpochs\" stands twice")]
    public async Task What_the_api_refuses_is_told_at_its_place(string old, string @new, string message)
    {
        var text = SampleFiles.Text("qwen3-30b-a3b", old, @new);
        var call = await Call.WithInput(text, "validate", "-f", "-");
        Assert.Equal(ExitCodes.WrongJob, call.Code);
        var line = text.Split('\n').ToList().FindIndex(l => l.Contains(@new.Split('\n')[^1].Trim(), StringComparison.Ordinal)) + 1;
        Assert.StartsWith($"stdin:{line}:", Assert.Single(call.Lines), StringComparison.Ordinal);
        Assert.EndsWith(message, call.Lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("filterOverlongPrompts: true", "filterOverlongPrompts: on")]
    [InlineData("trainBatchSize: 16", "trainBatchSize: 0x10")]
    public async Task Bare_words_are_what_kubectl_makes_of_them(string old, string @new)
    {
        var call = await Call.WithInput(SampleFiles.Text("qwen3-30b-a3b", old, @new), "validate", "-f", "-");
        Assert.Equal((ExitCodes.Fine, ""), (call.Code, call.Output));
    }

    [Fact]
    public async Task Rules_are_judged_beside_an_unknown_field()
    {
        var call = await Call.WithInput(SampleFiles.Text("minimal", "trainBatchSize: 16", "trainBatchSize: 15\n    zzz: 1"), "validate", "-f", "-");
        Assert.Contains(": error UnknownField: ", call.Lines[0], StringComparison.Ordinal);
        Assert.Contains(call.Lines, line => line.Contains(": error MiniBatchDivides: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_administrator_allows_is_said_on_the_command_line()
    {
        var text = SampleFiles.Text("minimal", "  workers:\n", "  workers:\n    hostNetwork: true\n");
        Assert.Equal(ExitCodes.WrongJob, (await Call.WithInput(text, "validate", "-f", "-")).Code);
        var allowed = await Call.WithInput(text, "validate", "-f", "-", "--allow-host-network");
        Assert.Equal(ExitCodes.Fine, allowed.Code);
        Assert.Contains(": warning RayExposed: default/minimal: workers.hostNetwork opens Ray", allowed.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\u001b[31m\n")]
    [InlineData("\u0007")]
    public async Task What_a_file_holds_moves_no_cursor(string evil)
    {
        var call = await Call.WithInput(SampleFiles.Text("minimal", "trainBatchSize: 16", $"trainBatchSize: 16\n    {System.Text.Json.JsonSerializer.Serialize("k" + evil)}: 1"), "validate", "-f", "-");
        Assert.Equal(ExitCodes.WrongJob, call.Code);
        Assert.DoesNotContain(call.Output, letter => char.IsControl(letter) && letter != '\n');
        Assert.Single(call.Lines);
    }

    [Fact]
    public async Task A_directory_stands_for_its_manifests()
    {
        using var folder = new TemporaryFolder();
        folder.Write("b.yaml", SampleFiles.Text("minimal"));
        folder.Write("a.json", Other);
        folder.Write("c.txt", ": : :");
        var call = await Call.Of("validate", "-f", folder.Path);
        Assert.Equal(ExitCodes.Fine, call.Code);
        Assert.Equal("1 job in 2 files: 0 wrong, 0 warnings; 1 document of other kinds skipped\n", call.Error);
    }

    [Theory]
    [InlineData("anchors", "more than 100 aliases")]
    [InlineData("nesting", "nested deeper than 64 levels")]
    [InlineData("duplicates", "key \"a\" stands twice")]
    [InlineData("size", "larger than 1024 KiB")]
    [InlineData("bytes", "is not UTF-8")]
    public async Task A_hostile_file_is_one_line_and_ends_with_one(string kind, string reason)
    {
        var call = await Call.WithInput(kind switch
        {
            "anchors" => Encoding.UTF8.GetBytes("a: &a [x]\nb:\n" + string.Concat(Enumerable.Repeat("- *a\n", 200_000))),
            "nesting" => Encoding.UTF8.GetBytes(new string('[', 1_000_000)),
            "duplicates" => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a: 1\n", 200_000))),
            "size" => Encoding.UTF8.GetBytes(new string('#', 3_000_000)),
            _ => [0x61, 0x3a, 0x20, 0xff, 0xfe, 0x00],
        }, "validate", "-f", "-");
        Assert.Equal(ExitCodes.WrongJob, call.Code);
        Assert.Contains(": error Yaml: " + reason, Assert.Single(call.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thousand_files_are_judged_in_one_call_and_told_in_their_order()
    {
        using var folder = new TemporaryFolder();
        string[] right = [.. SampleFiles.Names.Select(name => SampleFiles.Text(name))];
        var wrong = SampleFiles.Text("minimal", "trainBatchSize: 16", "trainBatchSize: 15");
        var files = Enumerable.Range(0, 1000).Select(at => folder.Write($"{at:000}.yaml", at % 100 == 50 ? wrong : right[at % right.Length])).ToArray();
        var clock = System.Diagnostics.Stopwatch.StartNew();

        var call = await Call.Of(["validate", "-f", .. files]);

        TestContext.Current.TestOutputHelper?.WriteLine($"1000 files: {clock.ElapsedMilliseconds} ms");
        Assert.Equal(ExitCodes.WrongJob, call.Code);
        Assert.Equal("1000 jobs in 1000 files: 10 wrong, 0 warnings\n", call.Error);
        Assert.Equal(Enumerable.Range(0, 10).Select(at => files[(at * 100) + 50]), call.Lines.Select(line => line.Split(':')[0]).Distinct());
    }
}
