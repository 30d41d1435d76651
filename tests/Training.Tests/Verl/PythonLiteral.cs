using System.Globalization;
using System.Numerics;
using System.Text;
using GrpoOperator.Training.Verl.Hydra;

namespace GrpoOperator.Training.Tests.Verl;

/// <summary>Reads what Python's repr() writes: the recorded cases are in that form.</summary>
internal sealed class PythonLiteral(string text)
{
    private int _at;

    public static HydraValue Read(string text) => new PythonLiteral(text).Value();

    /// <summary>The strings of a tuple at the start of a line, and the rest of the line.</summary>
    public static (IReadOnlyList<string> Items, string Answer) Tuple(string line)
    {
        var reader = new PythonLiteral(line) { _at = 1 };
        var items = new List<string>();
        while (line[reader._at] != ')')
        {
            items.Add(reader.String());
            reader._at += line[reader._at] == ',' ? 1 : 0;
            reader._at += line[reader._at] == ' ' ? 1 : 0;
        }

        return (items, line[(reader._at + 1)..].Trim());
    }

    private HydraValue Value()
    {
        switch (text[_at])
        {
            case '\'' or '"':
                return new HydraValue.Text(String());
            case '[':
                var items = new List<HydraValue>();
                Each(']', () => items.Add(Value()));
                return new HydraValue.Sequence(items);
            case '{':
                var members = new Dictionary<string, HydraValue>(StringComparer.Ordinal);
                Each('}', () =>
                {
                    var key = Value() is HydraValue.Text name ? name.Value : throw new FormatException("key");
                    _at += 2;
                    members[key] = Value();
                });
                return new HydraValue.Mapping(members);
            default:
                return Word();
        }
    }

    private void Each(char close, Action element)
    {
        _at++;
        while (text[_at] != close)
        {
            element();
            while (text[_at] is ',' or ' ')
                _at++;
        }

        _at++;
    }

    private HydraValue Word()
    {
        var start = _at;
        while (_at < text.Length && text[_at] is not (',' or ']' or '}' or ' '))
            _at++;
        return text[start.._at] switch
        {
            "None" => new HydraValue.Null(),
            "True" => new HydraValue.Bool(true),
            "False" => new HydraValue.Bool(false),
            "inf" => new HydraValue.Float(double.PositiveInfinity),
            "-inf" => new HydraValue.Float(double.NegativeInfinity),
            "nan" => new HydraValue.Float(double.NaN),
            var number when BigInteger.TryParse(number, NumberStyles.AllowLeadingSign, null, out var whole) => new HydraValue.Int(whole),
            var number => new HydraValue.Float(double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture)),
        };
    }

    private string String()
    {
        var quote = text[_at++];
        var content = new StringBuilder();
        for (; text[_at] != quote; _at++)
        {
            if (text[_at] != '\\')
                content.Append(text[_at]);
            else
                content.Append(text[++_at] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var other => other });
        }

        _at++;
        return content.ToString();
    }
}
