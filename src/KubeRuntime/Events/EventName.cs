using System.Globalization;
using System.Text;
using GrpoOperator.KubeRuntime.Caches;

namespace GrpoOperator.KubeRuntime.Events;

/// <summary>The name of an event, made of what it says: the same event again, told by whichever process, is the same object.</summary>
internal static class EventName
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

    /// <summary>A message without what varies in it: every run of hex digits with a decimal digit in it (numbers, addresses, hashes) is one
    /// <c>#</c>. Two messages of a class are the same event.</summary>
    public static string ClassOf(string message)
    {
        var result = new StringBuilder(message.Length);
        for (var start = 0; start < message.Length;)
        {
            var end = start;
            while (end < message.Length && char.IsAsciiHexDigit(message[end]))
                end++;
            var run = message.AsSpan(start, Math.Max(1, end - start));
            if (run.ContainsAnyInRange('0', '9'))
                result.Append('#');
            else
                result.Append(run);
            start += run.Length;
        }

        return result.ToString();
    }

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
}
