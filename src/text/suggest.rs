//! Suggestions for "did you mean".

/// The minimum length of a word that counts as part of a longer one.
const SHORTEST_PART: usize = 4;

/// The candidate closest to `name`: one within a few typos, otherwise one that starts or ends with it (`user` for
/// `username`), or that it starts with (`hostname` for `host`).
#[must_use]
pub fn closest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    closest_of(name, &mut candidates.into_iter())
}

/// Compiled once, not once for every kind of iterator.
fn closest_of<'c>(name: &str, candidates: &mut dyn Iterator<Item = &'c str>) -> Option<&'c str> {
    let name = name.to_ascii_lowercase();
    let length = name.chars().count();
    let allowed = (length / 3).clamp(1, 3);
    let mut nearest: Option<(usize, &str)> = None;
    let mut part_of: Option<&str> = None;
    for candidate in candidates {
        let lower = candidate.to_ascii_lowercase();
        // A cheap check first: the distance is quadratic, and hostile keys can have megabytes.
        if lower.chars().count().abs_diff(length) <= allowed {
            let distance = strsim::osa_distance(&name, &lower);
            if distance <= allowed && nearest.is_none_or(|(least, _)| distance < least) {
                nearest = Some((distance, candidate));
            }
        }
        let is_part = (name.len() >= SHORTEST_PART && (lower.starts_with(&name) || lower.ends_with(&name)))
            || (lower.len() >= SHORTEST_PART && name.starts_with(&lower));
        if is_part && part_of.is_none() {
            part_of = Some(candidate);
        }
    }
    nearest.map(|(_, candidate)| candidate).or(part_of)
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn closest_candidate_by_typo_or_part() {
        let known = ["host", "username", "password", "database", "initialDatabase", "role"];
        for (name, expected) in [
            ("hots", Some("host")),
            ("HOST", Some("host")),
            ("hostname", Some("host")),
            ("user", Some("username")),
            ("pass", Some("password")),
            ("passwrd", Some("password")),
            ("database_name", Some("database")),
            ("initial", Some("initialDatabase")),
            ("id", None),
            ("connectArgs", None),
            ("rôle", Some("role")),
            ("", None),
        ] {
            assert_eq!(closest(name, known), expected, "{name}");
        }
        for (name, expected) in
            [("initial_database", Some("initialDatabase")), ("warehouse", None), ("hosts", Some("host"))]
        {
            assert_eq!(closest(name, known), expected, "{name}");
        }
        // A third of the letters can be wrong. The nearest candidate wins; of equal ones, the first.
        assert_eq!(closest("pa55w0rds", ["passwords"]), Some("passwords"));
        assert_eq!(closest("pa55w0rd", ["password"]), None);
        assert_eq!(closest("username", ["usernxxe", "usernxme"]), Some("usernxme"));
        assert_eq!(closest("username", ["usernxme", "usernxxe"]), Some("usernxme"));
        assert_eq!(closest("username", ["usernxme", "usxrname"]), Some("usernxme"));
        assert_eq!(closest("cleanup", ["create", "script-cleanup"]), Some("script-cleanup"));
    }
}
