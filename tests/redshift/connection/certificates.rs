//! Valid and invalid certificates.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, SupportedProtocolVersion};

/// A CA.
pub(super) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// The host names of the emulator.
pub(super) const NAMES: [&str; 2] = ["localhost", "127.0.0.1"];

impl Authority {
    pub(super) fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        Self(CertifiedIssuer::self_signed(params, key()).expect("an authority"))
    }

    /// Its certificate.
    pub(super) fn pem(&self) -> String {
        self.0.pem()
    }

    /// A server with a certificate that this CA issues.
    pub(super) fn issue(&self, params: &CertificateParams) -> Arc<ServerConfig> {
        let key = key();
        let certificate = params.signed_by(&key, &self.0).expect("a certificate");
        server(certificate.der(), &key, rustls::ALL_VERSIONS)
    }

    /// A server with a valid certificate, and these versions of TLS.
    pub(super) fn good(&self, versions: &[&'static SupportedProtocolVersion]) -> Arc<ServerConfig> {
        let key = key();
        let certificate = named(&NAMES).signed_by(&key, &self.0).expect("a certificate");
        server(certificate.der(), &key, versions)
    }
}

/// The parameters of a certificate for these hosts.
pub(super) fn named(names: &[&str]) -> CertificateParams {
    CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).expect("names")
}

/// An expired certificate for the emulator.
pub(super) fn expired() -> CertificateParams {
    let mut params = named(&NAMES);
    params.not_after = date_time_ymd(2020, 1, 1);
    params
}

/// A certificate for the emulator that is not valid yet.
pub(super) fn not_yet_valid() -> CertificateParams {
    let mut params = named(&NAMES);
    params.not_before = date_time_ymd(4000, 1, 1);
    params
}

/// A server with a self-signed certificate; with `is_ca` as `openssl req -x509` creates it.
pub(super) fn self_signed(is_ca: bool) -> Arc<ServerConfig> {
    let key = key();
    let mut params = named(&NAMES);
    if is_ca {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    }
    let certificate = params.self_signed(&key).expect("a certificate");
    server(certificate.der(), &key, rustls::ALL_VERSIONS)
}

fn key() -> KeyPair {
    KeyPair::generate().expect("a key")
}

fn server(
    certificate: &CertificateDer<'static>,
    key: &KeyPair,
    versions: &[&'static SupportedProtocolVersion],
) -> Arc<ServerConfig> {
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(versions)
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .expect("a certificate and its key");
    Arc::new(config)
}
