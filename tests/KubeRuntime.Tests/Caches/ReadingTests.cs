using System.Text;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;

namespace GrpoOperator.KubeRuntime.Tests.Caches;

public sealed class ReadingTests
{
    private const string Pod = """
        {"kind":"Pod","apiVersion":"v1","metadata":{"name":"a","namespace":"n","uid":"u","resourceVersion":"7","generation":3,
        "creationTimestamp":"2026-01-02T03:04:05Z","deletionTimestamp":null,"labels":{"b":"2","a":"1"},"finalizers":["f1","f2"],
        "annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\"long\":1}","x":"y"},
        "ownerReferences":[{"apiVersion":"v1","kind":"Other","name":"o","uid":"ou"},
        {"apiVersion":"apps/v1","kind":"StatefulSet","name":"s","uid":"su","controller":true,"blockOwnerDeletion":true}],
        "managedFields":[{"manager":"kubelet","fieldsV1":{"f:status":{}}}]},"spec":{"containers":[{"name":"c"}]},"status":{"phase":"Running","conditions":[]}}
        """;

    private static readonly KeyValuePair<string, string>[] NoPairs = [];

    [Fact]
    public void Metadata_is_read_without_managed_fields_and_last_applied()
    {
        var meta = ObjectMetaReading.Read(Encoding.UTF8.GetBytes(Pod));
        Assert.Equal(new NamespacedName("n", "a"), meta.NamespacedName);
        Assert.Equal(("u", "7", 3L), (meta.Uid, meta.ResourceVersion, meta.Generation));
        Assert.Null(meta.DeletionTimestamp);
        Assert.Equal(2026, meta.CreationTimestamp!.Value.Year);
        Assert.Equal(["a", "b"], meta.Labels.Keys);
        Assert.Equal(["x"], meta.Annotations.Keys);
        Assert.Equal(["f1", "f2"], meta.Finalizers);
        Assert.Equal(new ControllerOwner("apps/v1", "StatefulSet", "s", "su"), meta.Controller);
    }

    [Fact]
    public void Heartbeats_and_managed_fields_leave_the_hash_alone_and_labels_do_not()
    {
        var one = MetadataView.Decode(Encoding.UTF8.GetBytes(Pod));
        var heartbeat = MetadataView.Decode(Encoding.UTF8.GetBytes(Pod.Replace("\"7\"", "\"8\"", StringComparison.Ordinal).Replace("kubelet", "other", StringComparison.Ordinal)));
        var label = MetadataView.Decode(Encoding.UTF8.GetBytes(Pod.Replace("\"b\":\"2\"", "\"b\":\"3\"", StringComparison.Ordinal)));
        Assert.Equal(one.Hash, heartbeat.Hash);
        Assert.NotEqual(one.Hash, label.Hash);
    }

    [Fact]
    public void Fields_of_a_hash_can_not_run_into_each_other()
    {
        Assert.NotEqual(new ViewHash().Add("ab").Add("c").Value, new ViewHash().Add("a").Add("bc").Value);
        Assert.NotEqual(new ViewHash().Add((string?)null).Value, new ViewHash().Add("").Value);
        Assert.NotEqual(new ViewHash().Add(new[] { KeyValuePair.Create("a", "b") }).Add("c").Value, new ViewHash().Add(NoPairs).Add("a").Add("b").Add("c").Value);
    }

    [Theory]
    [InlineData("""{"type":"ADDED","object":{"a":1}}""")]
    [InlineData("""{"object":{"a":1},"type":"ADDED"}""")]
    [InlineData("""{ "type" : "ADDED", "object" : {"a":1} }""")]
    public void A_watch_line_is_split_in_any_order(string line)
    {
        var frame = WatchFrameReading.Read(Encoding.UTF8.GetBytes(line));
        Assert.Equal(WatchFrameType.Added, frame.Type);
        Assert.Equal("""{"a":1}""", Encoding.UTF8.GetString(frame.Object.Span));
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("""{"type":"SURPRISE","object":{}}""")]
    [InlineData("""{"type":7,"object":{}}""")]
    public void A_line_that_is_none_is_an_error(string line) =>
        Assert.Throws<KubeApiException>(() => WatchFrameReading.Read(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void A_list_page_is_split_into_its_items()
    {
        var page = ListPageReading.Read(new ApiAnswer(Encoding.UTF8.GetBytes(
            """{"kind":"PodList","metadata":{"resourceVersion":"9","continue":"t","remainingItemCount":4},"items":[{"a":{"b":[1]}}, {"c":2}]}""")));
        Assert.Equal(("9", "t"), (page.ResourceVersion, page.Continue));
        Assert.Equal(["""{"a":{"b":[1]}}""", """{"c":2}"""], page.Items.Select(item => Encoding.UTF8.GetString(item.Span)));
        Assert.Empty(ListPageReading.Read(new ApiAnswer(Encoding.UTF8.GetBytes("""{"metadata":{"resourceVersion":"9"},"items":null}"""))).Items);
    }
}
