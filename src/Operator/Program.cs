using GrpoOperator.Operator.Cli;

return await OperatorCommandLine.RunAsync(args, new CommandStreams(Console.OpenStandardInput, Console.Out, Console.Error));
