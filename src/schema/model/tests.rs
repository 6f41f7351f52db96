//! The model of the published schemas.

use super::*;

fn names(property: &Property) -> Vec<&str> {
    property.properties().iter().map(|property| property.name).collect()
}

/// Every nested property, with the path of keys to it.
fn all(property: &'static Property, path: &str, found: &mut Vec<(String, &'static Property)>) {
    let below: Vec<&'static Property> = match &property.value_type {
        ValueType::Object(properties) => properties.iter().collect(),
        ValueType::Array(item) => vec![item],
        ValueType::Entry { redshift, other } => vec![redshift, other],
        _ => Vec::new(),
    };
    for inner in below {
        let path = if inner.name.is_empty() { path.to_owned() } else { format!("{path}/{}", inner.name) };
        if !inner.name.is_empty() {
            found.push((path.clone(), inner));
        }
        all(inner, &path, found);
    }
}

fn every(body: BodyKind) -> Vec<(String, &'static Property)> {
    let mut found = Vec::new();
    all(Property::of(body), "", &mut found);
    found
}

fn paths(body: BodyKind, is_meant: impl Fn(&ValueType) -> bool) -> Vec<String> {
    let of = every(body).into_iter().filter(|(_, property)| is_meant(&property.value_type));
    of.map(|(path, _)| path).collect()
}

#[test]
fn properties_are_in_schema_order() {
    let payload = Property::of(BodyKind::Payload);
    assert_eq!(names(payload), ["type", "autoBootstrap", "config"]);
    let config = payload.get("config").expect("it is described");
    let schema: Value = serde_json::from_str(text(BodyKind::Payload)).expect("a JSON schema");
    let described = schema["definitions"]["config"]["properties"].as_object().expect("properties");
    assert!(names(config).iter().eq(described.keys()), "{:?}", names(config));
    assert_eq!(config.get("okta").map(Property::required).map(|keys| keys.len()), Some(5));
    assert!(!config.has("hots") && Property::of(BodyKind::Status).has("validationResults"));
}

#[test]
fn secrets_and_hosts_are_known_in_requests_and_responses() {
    let is_secret = |value_type: &ValueType| matches!(value_type, ValueType::Secret);
    let is_host = |value_type: &ValueType| matches!(value_type, ValueType::Host);
    let both = [BodyKind::Payload, BodyKind::Integration, BodyKind::IntegrationList];
    for body in both {
        assert_eq!(paths(body, is_secret), ["/config/password", "/config/okta/password"], "{body:?}");
        assert_eq!(paths(body, is_host), ["/config/host", "/config/okta/idpHost"], "{body:?}");
    }
    assert_eq!(paths(BodyKind::Credentials, is_secret), ["/password", "/okta/password"]);
    assert_eq!(paths(BodyKind::Credentials, is_host), ["/okta/idpHost"]);
    for body in [BodyKind::Status, BodyKind::Error] {
        assert!(paths(body, is_secret).is_empty() && paths(body, is_host).is_empty(), "{body:?}");
    }
}

#[test]
fn properties_with_the_format_of_hosts_are_hosts() {
    let source: Value =
        serde_json::from_str(include_str!("../../../schema/definitions.json")).expect("a JSON schema");
    for (name, property) in [BodyKind::Payload, BodyKind::Credentials].into_iter().flat_map(every) {
        let title = property.schema["title"].as_str();
        let mut definitions = source["definitions"].as_object().expect("definitions").values();
        let has_format = definitions
            .any(|definition| definition["format"] == "bare-host" && definition["title"].as_str() == title);
        assert_eq!(matches!(property.value_type, ValueType::Host), has_format, "{name}");
    }
}

#[test]
fn list_entry_resolves_by_platform() {
    let ValueType::Array(entry) = &Property::of(BodyKind::IntegrationList).value_type else {
        panic!("a list")
    };
    let ValueType::Entry { redshift, other } = &entry.value_type else { panic!("of entries") };
    assert_eq!(names(redshift), names(Property::of(BodyKind::Integration)));
    assert_eq!(names(other), ["id", "status", "validationResults", "type", "autoBootstrap"]);
}

#[test]
fn every_property_has_a_purpose() {
    for body in BODIES {
        let properties = every(body);
        assert!(properties.len() > 3, "{body:?}");
        for (path, property) in properties {
            assert!(!property.text("title").is_empty(), "{body:?} {path}");
            // It continues in lower case, and must not start with a name.
            let description = property.text("description");
            let article = description.split(' ').next().unwrap_or_default();
            let is_article = ["The", "An", "A", "One", "All", "How", "What", "Whether", "Why"];
            assert!(is_article.contains(&article) || article.starts_with('`'), "{body:?} {path}");
            assert!(!property.purpose().is_empty() && !property.purpose().ends_with('.'));
        }
    }
    let config = Property::of(BodyKind::Payload).get("config").expect("it is described");
    for (name, purpose) in [
        ("host", "the bare host name of the Redshift cluster"),
        ("authenticationType", "`userPassword` or `okta`"),
        ("password", "the account's password, or `${NAME}` to read it from an environment variable"),
    ] {
        assert_eq!(config.get(name).map(Property::purpose).as_deref(), Some(purpose));
    }
    assert_eq!(
        Property::of(BodyKind::Payload).get("type").map(Property::purpose).as_deref(),
        Some("`Redshift`")
    );
}

#[cfg(all(feature = "cli", not(target_family = "wasm")))]
#[test]
fn property_is_found_by_path() {
    let at = |body: BodyKind, path: &[&str]| {
        let path: Vec<String> = path.iter().map(|key| (*key).to_owned()).collect();
        Property::of(body).at(&path).map(|property| property.name)
    };
    assert_eq!(at(BodyKind::Payload, &["config", "okta", "role"]), Some("role"));
    assert_eq!(at(BodyKind::IntegrationList, &["3", "config", "port"]), Some("port"));
    assert_eq!(at(BodyKind::Status, &["validationResults", "validationTests", "0", "name"]), Some("name"));
    assert_eq!(at(BodyKind::Payload, &["config", "hots"]), None);
    assert_eq!(at(BodyKind::IntegrationList, &["x"]), None);
}
