"""Every rule that an inspection may name. What is wrong with a path is told by the ending: NotFound, PermissionDenied,
DanglingLink, LfsPointer, Unusable."""
KINDS = ("NotFound", "PermissionDenied", "DanglingLink", "LfsPointer", "Unusable")
SUBJECTS = ("ModelPath", "ModelShard", "DataFile", "RawDataPath", "RewardPath", "CheckpointDir", "DistCheckpointPath")
RULES = tuple(subject + kind for subject in SUBJECTS for kind in KINDS) + (
    "ModelConfigMissing", "ModelConfigInvalid", "ModelIndexInvalid", "ModelWeightsMissing", "TokenizerMissing",
    "WeightsMissing", "WeightsIncomplete", "WeightsOfOtherModel", "WeightsUnverified", "TargetIsMountRoot",
    "DataFileEmpty", "DataFileInvalid", "DataFileFormat", "DataColumnsMissing",
    "CheckpointDirNotWritable", "VerlVersionDiffers", "FindingsCut")
