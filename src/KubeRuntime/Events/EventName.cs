using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using GrpoOperator.KubeRuntime.Caches;

namespace GrpoOperator.KubeRuntime.Events;

/// <summary>The name of an event, made of what it says: the same event again, told by whichever process, is the same object.</summary>
internal static partial class EventName
{
    private const int LongestName = 253;

    /// <summary><c>&lt;object&gt;.&lt;16 hex digits&gt;</c>.</summary>
    public static string Of(EventSubject subject, EventType type, string reason, string message, string discriminator)
    {
        var hash = new ViewHash().Add(subject.Uid).Add(discriminator).Add((long)type).Add(reason).Add(ClassOf(message)).Value;
        var suffix = "." + hash.ToString("x16", CultureInfo.InvariantCulture);
        var name = subject.NamespacedName.Name;
        return (name.Length + suffix.Length <= LongestName ? name : name[..(LongestName - suffix.Length)].TrimEnd('.', '-')) + suffix;
    }

    /// <summary>A message without what varies in it: numbers, addresses, hashes. Two messages of a class are the same event.</summary>
    public static string ClassOf(string message) => Varying().Replace(message, "#");

    /// <summary>A message that fits into an event: at most 1,024 bytes.</summary>
    public static string Fit(string message)
    {
        const int most = 1024;
        if (Encoding.UTF8.GetByteCount(message) <= most)
            return message;
        var length = Math.Min(message.Length, most);
        while (Encoding.UTF8.GetByteCount(message.AsSpan(0, length)) > most - 3 || char.IsHighSurrogate(message[length - 1]))
            length--;
        return message[..length] + "…";
    }

    [GeneratedRegex("[a-fA-F]{0,40}[0-9][0-9a-fA-F]*", RegexOptions.CultureInvariant)]
    private static partial Regex Varying();
}
