using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GrpoOperator.Operator.Cli.Script;
using GrpoOperator.Training.Verl;

namespace GrpoOperator.Operator.Cli.Import;

/// <summary>The launch's environment: fields where they exist, <c>env</c> for the rest, a comment for what is dropped.</summary>
internal sealed partial class EnvironmentFields(JobTree job)
{
    private readonly JsonArray env = [];

    /// <summary>Writes the variables.</summary>
    public void Write(IReadOnlyDictionary<string, ScriptValue> environment)
    {
        var left = environment.Where(pair => !IsDropped(pair.Key, pair.Value)).ToDictionary(StringComparer.Ordinal);
        Interface(left);
        LogDirectory(left);
        PythonPath(left);
        foreach (var (name, value) in left.OrderBy(pair => pair.Value.Line).ThenBy(pair => pair.Key, StringComparer.Ordinal))
            Plain(name, value);
        if (env.Count > 0)
            job.Set("env", env);
    }

    private bool IsDropped(string name, ScriptValue value)
    {
        if (name == OwnedVariables.PostMortem)
            Drop(name, value, "it makes a failed task wait for a debugger for ever");
        else if (OwnedVariables.Contains(name))
            Drop(name, value, "the operator sets it");
        else
            return false;
        return true;
    }

    // One field stands for the interface of all three.
    private void Interface(Dictionary<string, ScriptValue> left)
    {
        string[] names = ["HCCL_SOCKET_IFNAME", "GLOO_SOCKET_IFNAME", "TP_SOCKET_IFNAME"];
        var given = names.Where(left.ContainsKey).ToList();
        if (!given.Contains("HCCL_SOCKET_IFNAME") || !given.Contains("GLOO_SOCKET_IFNAME") || given.Select(name => left[name].Text).Distinct(StringComparer.Ordinal).Count() > 1)
            return;
        var value = left[given[0]];
        if (!value.IsKnown || !InterfaceName().IsMatch(value.Text))
        {
            Drop(string.Join(", ", given), value, "no name of an interface; the launcher takes the one that holds the pod's address");
        }
        else
        {
            job.Set("workers.networkInterface", value.Text);
            job.Comment("workers.networkInterface", "an interface of the script's machines: take it out where pods have a network of their own");
        }

        given.ForEach(name => left.Remove(name));
    }

    private void LogDirectory(Dictionary<string, ScriptValue> left)
    {
        if (!left.TryGetValue("TENSORBOARD_DIR", out var directory) || !directory.IsKnown || !directory.Text.StartsWith('/') || directory.Text.AsSpan().IndexOfAny("$*?[]") >= 0)
            return;
        job.Set("trainer.logDir", directory.Text);
        left.Remove("TENSORBOARD_DIR");
    }

    // PYTHONPATH=/mine:$PYTHONPATH goes before the image's own.
    private void PythonPath(Dictionary<string, ScriptValue> left)
    {
        if (!left.TryGetValue("PYTHONPATH", out var value) || value.IsKnown || !value.Unknowns.All(unknown => unknown.Unset == "PYTHONPATH"))
            return;
        var directories = value.Text.Split(':', StringSplitOptions.RemoveEmptyEntries).Where(part => part != "$PYTHONPATH").ToList();
        if (directories.Count is 0 or > 32 || directories.Exists(directory => !directory.StartsWith('/')))
            return;
        job.Set("launch.pythonPath", Nodes.Of(directories));
        left.Remove("PYTHONPATH");
    }

    private void Plain(string name, ScriptValue value)
    {
        if (!value.IsKnown)
        {
            Drop(name, value, value.Unknowns[0].What);
            return;
        }

        if (value.Text.Contains('\0', StringComparison.Ordinal))
        {
            Drop(name, value, "it holds a NUL");
            return;
        }

        // Kubernetes expands $(NAME) and takes $$ for a dollar sign.
        env.Add((JsonNode)new JsonObject { ["name"] = name, ["value"] = value.Text.Replace("$", "$$", StringComparison.Ordinal) });
        if (Secret().IsMatch(name) && value.Text.Length > 0)
            job.Comment($"env[{env.Count - 1}]", "a secret is better taken from a Secret, by valueFrom.secretKeyRef");
    }

    private void Drop(string name, ScriptValue value, string why) =>
        job.Comment("", $"line {value.Line}: {Excerpt.Of($"{name}={value.Text}")} is left out: {why}");

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_.:@-]{0,62}\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex InterfaceName();

    [GeneratedRegex("(?:KEY|TOKEN|SECRET|PASSWORD)\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Secret();
}
