using System.Reflection;
using GrpoOperator.Training.Tests.Verl;

namespace GrpoOperator.Training.Tests.Decisions;

/// <summary>
/// What is decided in named situations, whole: phase, conditions, acts, events and when to look again, as files that a
/// reviewer reads. <c>UPDATE_GOLDEN=1</c> writes them anew. A story is a public method of a class under <c>Stories</c>.
/// </summary>
public sealed class GoldenDecisionTests
{
    private static readonly string Folder = TestFiles.PathOf("tests", "Training.Tests", "Decisions", "golden");

    private static readonly IReadOnlyDictionary<string, MethodInfo> Stories = typeof(Story).Assembly.GetTypes()
        .Where(type => type.Namespace == typeof(Story).Namespace + ".Stories")
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .ToDictionary(story => $"{story.DeclaringType!.Name}/{story.Name}", StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. Stories.Keys];

    private static bool Update => Environment.GetEnvironmentVariable("UPDATE_GOLDEN") is "1";

    [Theory]
    [MemberData(nameof(Names))]
    public void Decisions_are_as_recorded(string name)
    {
        var story = new Story();
        Stories[name].Invoke(obj: null, [story]);
        var path = Path.Combine(Folder, name + ".txt");
        if (Update)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, story.Text);
        }

        Assert.True(File.Exists(path), $"{path} is missing: run the tests once with UPDATE_GOLDEN=1 and look at what they write");
        Assert.Equal(File.ReadAllText(path), story.Text);
    }

    [Fact]
    public void Every_recorded_file_has_its_story()
    {
        var unknown = Directory.GetFiles(Folder, "*.txt", SearchOption.AllDirectories).Where(path => !Stories.ContainsKey(Path.ChangeExtension(Path.GetRelativePath(Folder, path), null))).ToArray();
        if (Update)
        {
            foreach (var path in unknown) File.Delete(path);
        }
        else
        {
            Assert.Empty(unknown);
        }
    }
}
