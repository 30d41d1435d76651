using System.Text.Json.Nodes;
using GrpoOperator.Training.Children;

namespace GrpoOperator.Training.Tests.Children;

public sealed class DroppedFieldsTests
{
    [Theory]
    [InlineData("""{"spec":{"hostUsers":true}}""", """{"spec":{}}""", "spec.hostUsers")]
    [InlineData("""{"spec":{"containers":[{"name":"a","resizePolicy":[{"x":1}]}]}}""", """{"spec":{"containers":[{"name":"a","image":"b"}]}}""", "spec.containers[0].resizePolicy")]
    public void A_field_that_is_not_in_the_answer_is_named(string sent, string kept, string path) =>
        Assert.Equal([path], DroppedFields.Of(JsonNode.Parse(sent), JsonNode.Parse(kept)));

    [Theory]
    [InlineData("""{"a":{"b":"1000m"}}""", """{"a":{"b":"1","c":2}}""")]
    [InlineData("""{"a":false,"b":0,"c":"","d":[],"e":{},"f":null,"g":{"h":{}}}""", "{}")]
    [InlineData("""{"a":[1]}""", """{"a":[1,2]}""")]
    public void Defaults_other_spellings_and_empty_values_say_nothing(string sent, string kept) =>
        Assert.Empty(DroppedFields.Of(JsonNode.Parse(sent), JsonNode.Parse(kept)));
}
