//! The patch of a version of Redshift. A cluster reports its version only; which patch that belongs to is listed in
//! <https://docs.aws.amazon.com/redshift/latest/mgmt/cluster-versions.html> (read in September 2026). Versions of successive
//! patches overlap, so a version that is not listed belongs to an unknown patch.

/// The last numbers of the versions `1.0.…` of each patch.
const PATCHES: [(u16, &[u32]); 16] = [
    (205, &[434_008]),
    (204, &[436_211, 416_217, 394_035]),
    (203, &[417_950, 400_034, 384_821, 377_293, 365_190, 347_559]),
    (202, &[369_760, 377_292, 358_853, 343_555, 340_728, 331_549, 323_213, 314_775]),
    (201, &[331_388, 326_225, 319_797, 313_685, 300_094, 298_697, 292_316, 280_974]),
    (200, &[314_426, 293_472, 266_483, 257_586]),
    (199, &[266_409, 252_420, 232_773]),
    (198, &[239_402, 227_967, 224_252, 219_674, 212_832, 204_436]),
    (197, &[237_947, 198_462, 194_394, 187_928, 179_517, 176_066, 166_219]),
    (196, &[179_872, 163_480, 160_807, 155_905]),
    (195, &[172_541, 162_991, 151_179, 148_180, 142_459]),
    (194, &[148_169, 138_443, 129_791]),
    (193, &[136_890, 127_211]),
    (192, &[124_422, 122_914, 121_035, 119_650, 118_447]),
    (191, &[117_891, 117_458, 116_415, 116_263, 115_865]),
    (190, &[115_140, 115_564, 113_436, 112_895]),
];

/// The patch of a version, if it is listed.
pub(super) fn patch_of(version: &str) -> Option<u16> {
    let number = version.strip_prefix("1.0.")?.parse().ok()?;
    PATCHES.iter().find(|(_, versions)| versions.contains(&number)).map(|(patch, _)| *patch)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn version_belongs_to_at_most_one_patch() {
        let all: Vec<u32> = PATCHES.iter().flat_map(|(_, versions)| versions.iter().copied()).collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        assert!(PATCHES.is_sorted_by(|(one, _), (other, _)| one > other));
    }

    #[test]
    fn only_listed_versions_have_a_patch() {
        for (version, patch) in [
            ("1.0.117891", Some(191)),
            ("1.0.436211", Some(204)),
            ("1.0.434008", Some(205)),
            ("1.0.434009", None),
            ("117891", None),
            ("1.0.", None),
            ("", None),
        ] {
            assert_eq!(patch_of(version), patch, "{version}");
        }
    }
}
