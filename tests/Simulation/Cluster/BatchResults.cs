using GrpoOperator.Simulation.Server;

namespace GrpoOperator.Simulation.Cluster;

/// <summary>How the containers of inspection, data and conversion Jobs end.</summary>
internal static class BatchResults
{
    public static (int ExitCode, string Message) Of(World world, PodTemplate template)
    {
        var plot = world.Plot.OfJob(template.JobUid);
        if (plot.BatchFailures > 0)
        {
            plot.BatchFailures--;
            return (1, "Traceback");
        }

        return template.Component switch
        {
            "inspector" => (0, $$"""{"v":1,"kind":"inspection","node":"node-a","weights":"{{(plot.ConvertedAlready ? "Complete" : "Absent")}}","data":"Present","findings":[]}"""),
            "converter" => (0, """{"v":1,"kind":"conversion","code":"Converted","message":"done"}"""),
            _ => (0, """{"v":1,"kind":"data","code":"Prepared","message":"done"}"""),
        };
    }
}
