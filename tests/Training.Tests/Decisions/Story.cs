using System.Text;

namespace GrpoOperator.Training.Tests.Decisions;

/// <summary>A job's situation drawn in words, and the decisions that follow as a reader sees them.</summary>
internal sealed class Story
{
    private readonly StringBuilder text = new();

    public Sketch Sketch { get; private set; } = new();

    public string Text => text.ToString();

    /// <summary>Starts from that sketch; how it came there is another story.</summary>
    public Story From(Sketch sketch)
    {
        Sketch = sketch;
        return this;
    }

    /// <summary>Decides and tells it.</summary>
    public Story Decide(string heading)
    {
        var seen = Sketch.Seen;
        if (text.Length > 0) text.Append('\n');
        text.Append(DecisionText.Of(heading, seen, Sketch.Decide()));
        return this;
    }

    /// <summary>Changes the situation without a decision.</summary>
    public Story When(Action<Sketch> change)
    {
        change(Sketch);
        return this;
    }

    /// <summary>What the world does by itself, then a decision that is told.</summary>
    public Story Then(string heading, Action<Sketch> change) => When(change).Decide(heading);
}
