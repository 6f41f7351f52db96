//! Verification of the server certificate.

use std::path::Path;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use super::transport::SslMode;
use crate::{encoding, files};

/// The TLS configuration of a mode. The trusted CAs are those of `ca_file`, or else the system's: Redshift has
/// certificates of Amazon's public CA (<https://docs.aws.amazon.com/redshift/latest/mgmt/connecting-ssl-support.html>).
///
/// # Errors
/// The CA certificates cannot be loaded. The error is a message for users.
pub fn client_config(mode: SslMode, ca_file: Option<&Path>) -> Result<Arc<ClientConfig>, String> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    let is_verified = match mode {
        SslMode::VerifyCa | SslMode::VerifyFull => true,
        SslMode::Require => ca_file.is_some(),
        SslMode::Disable | SslMode::Allow | SslMode::Prefer => false,
    };
    let mut authorities = None;
    if is_verified {
        let roots = Arc::new(roots(ca_file)?);
        let web_pki = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider))
            .build()
            .map_err(|error| error.to_string())?;
        if mode == SslMode::VerifyFull {
            return Ok(Arc::new(builder.with_webpki_verifier(web_pki).with_no_client_auth()));
        }
        authorities = Some(web_pki);
    }
    let any_name = Arc::new(AnyName { authorities, provider });
    Ok(Arc::new(builder.dangerous().with_custom_certificate_verifier(any_name).with_no_client_auth()))
}

fn roots(ca_file: Option<&Path>) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    if let Some(path) = ca_file {
        let bytes = files::read(path)
            .map_err(|error| format!("cannot read {}: {}", path.display(), files::reason(&error)))?;
        if encoding::is_utf16(&bytes) {
            return Err(format!(
                "{} is UTF-16, but PEM certificates are ASCII: save it as UTF-8",
                path.display()
            ));
        }
        for certificate in CertificateDer::pem_slice_iter(&encoding::without_marks(&bytes)) {
            let certificate =
                certificate.map_err(|_| format!("{} contains no PEM certificates", path.display()))?;
            roots.add(certificate).map_err(|_| {
                format!("{} contains a certificate that is not a CA certificate", path.display())
            })?;
        }
    } else {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    if roots.is_empty() {
        return Err(match ca_file {
            Some(path) => format!("{} contains no PEM certificates", path.display()),
            None => "this machine has no trusted CA certificates; pass a file with `--ca-file`".to_owned(),
        });
    }
    Ok(roots)
}

/// Accepts a certificate for any name: one that a trusted CA has issued, for `verify-ca`; or, without CAs, any
/// certificate, for `require` and below.
#[derive(Debug)]
struct AnyName {
    authorities: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for AnyName {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(authorities) = &self.authorities else { return Ok(ServerCertVerified::assertion()) };
        // webpki checks the name last.
        match authorities.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            result => result,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
