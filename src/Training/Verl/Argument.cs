namespace GrpoOperator.Training.Verl;

/// <summary>An assignment that the operator makes from a field.</summary>
/// <param name="Key">verl's key.</param>
/// <param name="Value">Its value, as Hydra reads it.</param>
/// <param name="Sign">What stands before the key: nothing, <c>+</c> or <c>++</c>.</param>
internal readonly record struct Argument(string Key, string Value, string Sign = "")
{
    public override string ToString() => $"{Sign}{Key}={Value}";
}
