//! "Did you mean".

/// The candidate nearest to `name`, if one is near enough to be a misspelling.
#[must_use]
pub fn closest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let lower = name.to_lowercase();
    let length = lower.chars().count();
    let allowed = (length / 3).clamp(1, 3);
    candidates
        .into_iter()
        // Cheap, and keeps hostile keys of megabytes away from the quadratic distance.
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= allowed)
        .map(|candidate| (strsim::osa_distance(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn near_misses_have_a_suggestion_and_others_none() {
        let keys = ["host", "port", "database", "initialDatabase"];
        for (name, meant) in [
            ("hots", Some("host")),
            ("hosts", Some("host")),
            ("PORT", Some("port")),
            ("databse", Some("database")),
            ("initial_database", Some("initialDatabase")),
            ("x", None),
            ("warehouse", None),
        ] {
            assert_eq!(closest(name, keys), meant, "{name}");
        }
    }
}
