namespace GrpoOperator.Training.Tests.Verl;

/// <summary>Compares with files under <c>Golden</c>; <c>UPDATE_GOLDEN=1</c> writes them anew.</summary>
internal static class Golden
{
    public static void Matches(string name, string actual)
    {
        var path = TestFiles.PathOf("tests", "Training.Tests", "Verl", "Golden", name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") is "1")
            File.WriteAllText(path, actual);
        Assert.True(File.Exists(path), $"{path} is missing: run the tests once with UPDATE_GOLDEN=1 and look at what they write");
        Assert.Equal(File.ReadAllText(path), actual);
    }
}
