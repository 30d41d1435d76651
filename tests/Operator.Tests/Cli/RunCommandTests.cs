using GrpoOperator.Operator.Cli;
using GrpoOperator.Operator.Hosting;

namespace GrpoOperator.Operator.Tests.Cli;

public sealed class RunCommandTests
{
    [Theory]
    [InlineData("--lease-duration 10 --renew-deadline 10", "--renew-deadline 10: must be less than --lease-duration 10")]
    [InlineData("--lease-duration 20 --renew-deadline 10 --retry-period 9", "--retry-period 9: must be less than")]
    [InlineData("--time-scale 0.5", "--time-scale: only together with --testing")]
    [InlineData("--namespaces a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t,u", "--namespaces: 21 are more than 20")]
    public async Task Options_that_contradict_each_other_are_refused_by_name(string arguments, string message)
    {
        var (code, error) = await RunAsync(arguments);
        Assert.Equal(ExitCodes.WrongCall, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--metrics-port x")]
    [InlineData("--log-level Chatty")]
    [InlineData("--no-such-option")]
    public void What_cannot_be_read_is_an_error(string arguments) => Assert.NotEmpty(new RunCommand().Parse(arguments).Errors);

    [Fact]
    public void Every_problem_is_named_at_once()
    {
        var options = new OperatorOptions { LeaseDuration = 5, RenewDeadline = 5, RetryPeriod = 5, Namespaces = [.. Enumerable.Range(0, 21).Select(n => $"n{n}")] };
        Assert.Equal(3, options.Problems().Count());
    }

    [Fact]
    public void Without_options_everything_is_as_the_options_say_by_default()
    {
        var run = new RunCommand();
        Assert.Equivalent(new OperatorOptions(), run.Read(run.Parse([])), strict: true);
    }

    [Fact]
    public void The_defaults_contradict_nothing() => Assert.Empty(new OperatorOptions().Problems());

    private static async Task<(int Code, string Error)> RunAsync(string arguments)
    {
        var before = Console.Error;
        await using var error = new StringWriter();
        Console.SetError(error);
        try
        {
            return (await new RunCommand().Parse(arguments).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken), error.ToString());
        }
        finally
        {
            Console.SetError(before);
        }
    }
}
