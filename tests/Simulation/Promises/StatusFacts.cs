using System.Text.Json.Nodes;

namespace GrpoOperator.Simulation.Promises;

/// <summary>What a stored status says, as far as promises are about it.</summary>
internal sealed record StatusFacts
{
    public string? Phase { get; init; }

    public string? Reason { get; init; }

    public int Incarnation { get; init; }

    public int AttemptsUsed { get; init; }

    public int Restarts { get; init; }

    public int RestartsCounted { get; init; }

    public int Releases { get; init; }

    public string? Failing { get; init; }

    public string? HandledRestart { get; init; }

    public int? Attempt { get; init; }

    public string? SetUid { get; init; }

    public int Recorded { get; init; }

    public bool IsFinal => Phase is "Succeeded" or "Failed";

    public static StatusFacts Of(JsonObject status)
    {
        var attempt = status["currentAttempt"];
        return new StatusFacts
        {
            Phase = (string?)status["phase"],
            Reason = (string?)status["reason"],
            Incarnation = (int?)status["incarnation"] ?? 0,
            AttemptsUsed = (int?)status["attemptsUsed"] ?? 0,
            Restarts = (int?)status["restarts"] ?? 0,
            RestartsCounted = (int?)status["restartsCounted"] ?? 0,
            Releases = (int?)status["gangReleases"] ?? 0,
            Failing = (string?)status["failing"]?["reason"],
            HandledRestart = (string?)status["handledRestartRequest"],
            Attempt = (int?)attempt?["number"],
            SetUid = (string?)attempt?["statefulSetUID"],
            Recorded = attempt?["pods"]?.AsArray().Count ?? 0,
        };
    }
}
