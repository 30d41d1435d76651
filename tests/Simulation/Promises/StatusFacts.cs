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

    /// <summary>A suspension is under way.</summary>
    public bool IsSuspending { get; init; }

    /// <summary>The spec was changed where it may not be.</summary>
    public bool IsOutOfSync { get; init; }

    public int? Attempt { get; init; }

    public string? SetUid { get; init; }

    public int Recorded { get; init; }

    public bool IsFinal => Phase is "Succeeded" or "Failed";

    private static JsonNode? Condition(JsonObject status, string type) =>
        status["conditions"]?.AsArray().FirstOrDefault(condition => (string?)condition!["type"] == type);

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
            IsSuspending = Condition(status, "Suspended") is { } suspended && (string?)suspended["reason"] == "Suspending",
            IsOutOfSync = Condition(status, "SpecInSync") is not null,
            Attempt = (int?)attempt?["number"],
            SetUid = (string?)attempt?["statefulSetUID"],
            Recorded = attempt?["pods"]?.AsArray().Count ?? 0,
        };
    }
}
