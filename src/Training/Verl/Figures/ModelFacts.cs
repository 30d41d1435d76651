namespace GrpoOperator.Training.Verl.Figures;

/// <summary>What figures need beside the spec; the inspection finds it out. Null: not known.</summary>
/// <param name="TrainRows">Rows of all training files.</param>
/// <param name="Parameters">Parameters of the model.</param>
public sealed record ModelFacts(long? TrainRows = null, long? Parameters = null);
