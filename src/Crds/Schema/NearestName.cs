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
        var near = known.Select(k => (Name: k, Edits: Edits(name.ToUpperInvariant(), k.ToUpperInvariant())))
            .OrderBy(k => k.Edits).ThenBy(k => k.Name, StringComparer.Ordinal).FirstOrDefault();
        return near.Name is not null && near.Edits * 3 <= Math.Max(name.Length, near.Name.Length) ? near.Name : null;
    }

    // Optimal string alignment: a swap of neighbours is one edit, as it is one slip of the fingers.
    private static int Edits(string a, string b)
    {
        var (beforeLast, last) = (new int[b.Length + 1], Enumerable.Range(0, b.Length + 1).ToArray());
        for (var i = 1; i <= a.Length; i++)
        {
            var row = new int[b.Length + 1];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(change, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }

            (beforeLast, last) = (last, row);
        }

        return last[b.Length];
    }
}
