namespace GrpoOperator.Training.Verl.Hydra;

/// <summary>
/// Reads the value of an override, the text after <c>=</c>, as Hydra 1.3 does and then verl sees it (OmegaConf's escapes of
/// <c>${</c> undone). What Hydra would refuse for a single run is refused here: syntax errors, sweeps, unknown functions.
/// </summary>
public static class HydraReader
{
    /// <summary>How deep lists and dicts may nest: far beyond any configuration, far below the stack.</summary>
    private const int MaximumDepth = 64;

    /// <summary>Reads <paramref name="text"/>; blanks around it are dropped, and nothing at all is the empty string.</summary>
    public static HydraReading<HydraValue> Read(string text)
    {
        var value = text.AsSpan().TrimStart(" \t").ToString();
        if (value.Length == 0)
            return new HydraValue.Text("");
        if (HydraLexer.Split(value, out var refusedAt) is not { } tokens)
            return HydraReading<HydraValue>.Refused($"'{value[refusedAt]}' must be quoted");
        var cursor = new Cursor(tokens);
        var element = Element(cursor, 0);
        if (element.Error is null && cursor.Kind is HydraTokenKind.Comma)
            return HydraReading<HydraValue>.Refused("a comma makes it a sweep: write a list as [a,b], or quote the text");
        return element.Error is null && !cursor.AtEnd
            ? HydraReading<HydraValue>.Refused($"unexpected '{cursor.Text}'")
            : element;
    }

    private static HydraReading<HydraValue> Element(Cursor cursor, int depth)
    {
        if (depth > MaximumDepth)
            return HydraReading<HydraValue>.Refused($"nested deeper than {MaximumDepth}");
        switch (cursor.Kind)
        {
            case HydraTokenKind.BracketOpen:
                return Sequence(cursor, depth);
            case HydraTokenKind.BraceOpen:
                return Mapping(cursor, depth);
            case HydraTokenKind.Quoted:
                return HydraText.Resolve(HydraText.Unquote(cursor.Take().Text));
            case HydraTokenKind.Identifier when cursor.Next is HydraTokenKind.ParenthesisOpen:
                return Function(cursor, depth);
            default:
                return Primitive(cursor);
        }
    }

    private static HydraReading<HydraValue> Sequence(Cursor cursor, int depth)
    {
        cursor.Take();
        var items = new List<HydraValue>();
        while (!cursor.TakeIf(HydraTokenKind.BracketClose))
        {
            if (items.Count > 0 && !cursor.TakeIf(HydraTokenKind.Comma))
                return Unclosed("[");
            var item = Element(cursor, depth + 1);
            if (item.Error is not null)
                return item;
            items.Add(item.Result!);
        }

        return new HydraValue.Sequence(items);
    }

    private static HydraReading<HydraValue> Mapping(Cursor cursor, int depth)
    {
        cursor.Take();
        var items = new Dictionary<string, HydraValue>(StringComparer.Ordinal);
        for (var first = true; !cursor.TakeIf(HydraTokenKind.BraceClose); first = false)
        {
            if (!first && !cursor.TakeIf(HydraTokenKind.Comma))
                return Unclosed("{");
            var key = cursor.TakeWhile(IsDictKey);
            if (key.Count == 0 || !cursor.TakeIf(HydraTokenKind.Colon))
                return HydraReading<HydraValue>.Refused("a dict is written {key:value}, its keys unquoted");
            var item = Element(cursor, depth + 1);
            if (item.Error is not null)
                return item;
            items[HydraText.Join(key)] = item.Result!;
        }

        return new HydraValue.Mapping(items);
    }

    private static HydraReading<HydraValue> Function(Cursor cursor, int depth)
    {
        var name = cursor.Take().Text;
        cursor.Take();
        var arguments = new List<HydraValue>();
        while (!cursor.TakeIf(HydraTokenKind.ParenthesisClose))
        {
            if (arguments.Count > 0 && !cursor.TakeIf(HydraTokenKind.Comma))
                return Unclosed("(");
            var argument = Element(cursor, depth + 1);
            if (argument.Error is not null)
                return argument;
            arguments.Add(argument.Result!);
        }

        return HydraCast.Apply(name, arguments);
    }

    private static HydraReading<HydraValue> Primitive(Cursor cursor)
    {
        var tokens = cursor.TakeWhile(IsPrimitive);
        if (tokens.Count == 0)
            return HydraReading<HydraValue>.Refused(cursor.AtEnd ? "a value is missing" : $"unexpected '{cursor.Text}'");
        tokens = HydraText.Trim(tokens);
        if (tokens.Count != 1)
            return HydraText.Resolve(HydraText.Join(tokens));
        var text = tokens[0].Text;
        return tokens[0].Kind switch
        {
            HydraTokenKind.Null => new HydraValue.Null(),
            HydraTokenKind.Bool => new HydraValue.Bool(string.Equals(text, "true", StringComparison.OrdinalIgnoreCase)),
            HydraTokenKind.Int => new HydraValue.Int(HydraNumber.Int(text)),
            HydraTokenKind.Float => new HydraValue.Float(HydraNumber.Float(text)),
            _ => HydraText.Resolve(HydraText.Join(tokens)),
        };
    }

    private static HydraReading<HydraValue> Unclosed(string open) =>
        HydraReading<HydraValue>.Refused($"'{open}' is not closed");

    private static bool IsPrimitive(HydraTokenKind kind) =>
        kind is HydraTokenKind.Colon or HydraTokenKind.Interpolation || IsDictKey(kind);

    private static bool IsDictKey(HydraTokenKind kind) =>
        kind is HydraTokenKind.Identifier or HydraTokenKind.Null or HydraTokenKind.Int or HydraTokenKind.Float
            or HydraTokenKind.Bool or HydraTokenKind.Character or HydraTokenKind.Escape or HydraTokenKind.Blank;

    private sealed class Cursor(List<HydraToken> tokens)
    {
        private int _at;

        public bool AtEnd => _at == tokens.Count;

        public HydraTokenKind? Kind => AtEnd ? null : tokens[_at].Kind;

        public HydraTokenKind? Next => _at + 1 < tokens.Count ? tokens[_at + 1].Kind : null;

        public string Text => AtEnd ? "" : tokens[_at].Text;

        public HydraToken Take() => tokens[_at++];

        public bool TakeIf(HydraTokenKind kind)
        {
            if (Kind != kind)
                return false;
            _at++;
            return true;
        }

        public List<HydraToken> TakeWhile(Func<HydraTokenKind, bool> wanted)
        {
            var taken = tokens.Skip(_at).TakeWhile(token => wanted(token.Kind)).ToList();
            _at += taken.Count;
            return taken;
        }
    }
}
