namespace GrpoOperator.Crds.Schema;

/// <summary>The name that somebody probably meant.</summary>
public static class NearestName
{
    /// <summary>
    /// The known name with the fewest edits (letter case ignored) from a name, null when none is near:
    /// more than a third of the letters changed is a guess that helps nobody.
    /// </summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        var written = name.ToUpperInvariant();
        string? nearest = null;
        var fewest = int.MaxValue;
        foreach (var candidate in known)
        {
            // Only as many edits as would make it the nearest are looked for: most names are far after a few letters.
            var most = Math.Min(fewest, Math.Max(name.Length, candidate.Length) / 3);
            var edits = Edits(written, candidate.ToUpperInvariant(), most);
            if (edits > most || (edits == fewest && string.CompareOrdinal(candidate, nearest) >= 0))
                continue;
            (nearest, fewest) = (candidate, edits);
        }

        return nearest;
    }

    // Optimal string alignment: a swap of neighbours is one edit, as it is one slip of the fingers. More than the most is
    // any number above it.
    private static int Edits(string a, string b, int most)
    {
        if (Math.Abs(a.Length - b.Length) > most)
            return most + 1;
        var (beforeLast, last, row) = (new int[b.Length + 1], Enumerable.Range(0, b.Length + 1).ToArray(), new int[b.Length + 1]);
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            var least = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(change, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
                least = Math.Min(least, row[j]);
            }

            // A swap reaches back two rows and costs one.
            if (least > most + 1)
                return most + 1;
            (beforeLast, last, row) = (last, row, beforeLast);
        }

        return last[b.Length];
    }
}
