namespace GrpoOperator.Training.Verl.Keys;

/// <summary>A release of verl whose configuration was measured; other versions count as the newest measured one before them.</summary>
public sealed record VerlRelease
{
    private VerlRelease(int column, VerlVersion version, string name)
    {
        Column = column;
        Version = version;
        Name = name;
    }

    /// <summary>All measured releases, oldest first, in the order of the data's columns.</summary>
    public static IReadOnlyList<VerlRelease> All { get; } =
    [
        new(0, new(0, 6, 1), "v0.6.1"),
        new(1, new(0, 7, 0), "v0.7.0"),
        new(2, new(0, 7, 1), "v0.7.1"),
        new(3, new(0, 8, 0), "v0.8.0"),
        new(4, new(0, 9, 0), "v0.9.0"),
        new(5, new(0, 10, 0, VerlStage.Development), "main"),
    ];

    /// <summary>Place among <see cref="All"/>.</summary>
    public int Column { get; }

    /// <summary>Its version.</summary>
    public VerlVersion Version { get; }

    /// <summary>Its name in the data.</summary>
    public string Name { get; }

    /// <summary>The release that <paramref name="version"/> counts as.</summary>
    public static VerlRelease Of(VerlVersion version) => All.LastOrDefault(release => release.Version <= version) ?? All[0];

    /// <summary>The one release of a known version, or all of them when it is null.</summary>
    public static IReadOnlyList<VerlRelease> Candidates(VerlVersion? version) => version is null ? All : [Of(version)];
}
