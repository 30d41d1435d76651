namespace GrpoOperator.Operator.Reconcile;

/// <summary>Status times are whole seconds, so decisions are made on whole seconds.</summary>
internal static class Clock
{
    /// <summary>The time without its fraction of a second.</summary>
    public static DateTime WholeSeconds(this DateTime time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
}
