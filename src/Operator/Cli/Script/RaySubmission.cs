using System.Text.Json;

namespace GrpoOperator.Operator.Cli.Script;

/// <summary>The options of <c>ray job submit</c>: what of them a job of the operator keeps.</summary>
internal static class RaySubmission
{
    /// <summary>The launch with the directory and the environment that its options name.</summary>
    public static Launch Read(Launch launch, IReadOnlyList<ScriptValue> options, List<ScriptNote> notes)
    {
        notes.Add(new ScriptNote(launch.Line, "ray job submit: the operator starts the trainer itself"));
        for (var at = 0; at < options.Count; at++)
        {
            var equal = options[at].Text.IndexOf('=');
            var name = equal < 0 ? options[at].Text : options[at].Text[..equal];
            if (name is not ("--working-dir" or "--runtime-env-json" or "--runtime-env"))
                continue;
            var value = equal >= 0 ? options[at] with { Text = options[at].Text[(equal + 1)..] } : at + 1 < options.Count ? options[++at] : options[at];
            launch = name switch
            {
                "--working-dir" => value.IsKnown && value.Text.StartsWith('/') ? launch with { WorkDir = value } : launch,
                "--runtime-env-json" => launch with { Environment = Variables(value, notes) },
                _ => Told(launch, value, notes),
            };
        }

        return launch with { Notes = notes };
    }

    private static Launch Told(Launch launch, ScriptValue file, List<ScriptNote> notes)
    {
        notes.Add(new ScriptNote(launch.Line, $"--runtime-env {Excerpt.Of(file.Text)}: what this file sets isn't read; add its variables to env"));
        return launch;
    }

    private static Dictionary<string, ScriptValue> Variables(ScriptValue json, List<ScriptNote> notes)
    {
        var environment = new Dictionary<string, ScriptValue>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(json.Text);
            if (json.IsKnown && document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("env_vars", out var variables))
            {
                foreach (var variable in variables.EnumerateObject())
                    environment[variable.Name] = new ScriptValue(json.Line, variable.Value.ToString());
                return environment;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            environment.Clear();
        }

        notes.Add(new ScriptNote(json.Line, "--runtime-env-json: its variables can't be read; add them to env"));
        return environment;
    }
}
