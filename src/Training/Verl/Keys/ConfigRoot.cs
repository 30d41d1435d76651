namespace GrpoOperator.Training.Verl.Keys;

/// <summary>The configuration file of verl that everything else is composed into.</summary>
public enum ConfigRoot
{
    /// <summary><c>ppo_trainer</c>, the default: the FSDP engine.</summary>
    Fsdp,

    /// <summary><c>ppo_megatron_trainer</c>.</summary>
    Megatron,
}
