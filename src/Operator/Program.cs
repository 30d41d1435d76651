using System.CommandLine;
using GrpoOperator.Operator.Cli;

// `grpo-operator` alone runs the operator; the other commands need no cluster.
var root = new RootCommand("Runs verl GRPO training on Ascend NPUs in Kubernetes.") { new RunCommand(), new VersionCommand() };
var parsed = root.Parse(args.Length == 0 || args[0].StartsWith("--", StringComparison.Ordinal) && args[0] is not ("--help" or "--version") ? ["run", .. args] : args);
if (parsed.Errors.Count == 0) return await parsed.InvokeAsync();

foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
return ExitCodes.WrongCall;
