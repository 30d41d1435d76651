using System.Text;

namespace GrpoOperator.Operator.Cli.Script;

/// <summary>Puts the pieces of one word together into the fields that a command gets.</summary>
internal sealed class FieldBuilder
{
    private readonly int line;
    private readonly Budget budget;
    private readonly List<ScriptValue> fields = [];
    private readonly StringBuilder text = new();
    private readonly List<Unknown> unknowns = [];
    private bool isThere;
    private int at;

    /// <summary>Begins a word of that line.</summary>
    public FieldBuilder(int line, Budget budget)
    {
        (this.line, this.budget) = (line, budget);
        at = line;
    }

    /// <summary>Adds a piece; one that isn't whole is split at blanks.</summary>
    public void Add(ScriptValue value, bool isWhole, bool isQuoted)
    {
        if (isWhole || !value.IsKnown)
        {
            isThere |= isQuoted || value.Text.Length > 0;
            Append(value.Text);
            unknowns.AddRange(value.Unknowns);
            return;
        }

        Split(value.Text);
    }

    /// <summary>Adds the items of an array: the first goes on with this field, the last stays open.</summary>
    public void AddItems(IReadOnlyList<ScriptValue> items, bool isQuoted)
    {
        for (var index = 0; index < items.Count; index++)
        {
            if (index > 0)
                Close();
            if (text.Length == 0 && items[index].Line > 0)
                at = items[index].Line;
            Add(items[index], isQuoted, isQuoted);
        }
    }

    /// <summary>The fields.</summary>
    public IReadOnlyList<ScriptValue> Done()
    {
        Close();
        return fields;
    }

    private void Split(string value)
    {
        for (var from = 0; from < value.Length;)
        {
            var length = value.AsSpan(from).IndexOfAny(" \t\n");
            if (length == 0)
            {
                Close();
                from++;
                continue;
            }

            length = length < 0 ? value.Length - from : length;
            isThere = true;
            Append(value.AsSpan(from, length));
            from += length;
        }
    }

    private void Append(ReadOnlySpan<char> more)
    {
        text.Append(more);
        budget.Value(line, text.Length);
    }

    private void Close()
    {
        if (isThere)
        {
            budget.Field(line);
            fields.Add(new ScriptValue(at, text.ToString(), WordExpansion.Few(unknowns)));
        }

        text.Clear();
        unknowns.Clear();
        isThere = false;
        at = line;
    }
}
