using System.Text.Json.Nodes;
using GrpoOperator.Simulation.Server;
using GrpoOperator.Training;

namespace GrpoOperator.Simulation.Launcher;

/// <summary>What a launcher says of its end, as it stands in the termination message.</summary>
internal sealed record Verdict(string Code, int Exit, string Message = "", int? Step = null, DateTimeOffset? LaunchTime = null, string? Signature = null, string Log = "")
{
    /// <summary>The step that the training resumed from, or null.</summary>
    public int? Resumed { get; init; }

    /// <summary>The step of its newest checkpoint, or null.</summary>
    public int? Saved { get; init; }

    /// <summary>A verdict with the exit code that belongs to its code.</summary>
    public static Verdict Of(string code, string message = "") => new(code, LauncherCodes.Find(code)!.Exit, message);

    public string ToJson(PodState pod)
    {
        var json = new JsonObject
        {
            ["v"] = 1,
            ["code"] = Code,
            ["step"] = Step,
            ["resumed"] = Resumed,
            ["saved"] = Saved,
            ["launched"] = LaunchTime is not null,
            ["exit"] = Exit,
            ["launchTime"] = LaunchTime is { } at ? ApiServer.Time(at) : null,
            ["rank"] = pod.Rank,
            ["attempt"] = pod.Template.Attempt,
            ["incarnation"] = pod.Template.Incarnation,
            ["message"] = Message,
        };
        if (Signature is not null) json["signature"] = Signature;
        json["log"] = Log;
        return json.ToJsonString();
    }
}
