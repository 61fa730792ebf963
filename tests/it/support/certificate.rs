//! A certificate that only its own key vouches for.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Two files, in a folder of somebody's.
pub(crate) struct Certificate {
    /// What others may be told to trust.
    pub(crate) path: PathBuf,
    /// Its key.
    pub(crate) key: PathBuf,
}

impl Certificate {
    /// One of this name there, good for an address or a host: `IP:127.0.0.1`.
    pub(crate) fn make(folder: &Path, name: &str, good_for: &str) -> Self {
        let at = |kind: &str| folder.join(format!("{name}.{kind}"));
        let made = Self { path: at("certificate.pem"), key: at("key.pem") };
        let asked = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=hallpass-tests -addext \
                     basicConstraints=critical,CA:FALSE -addext";
        let mut openssl = Command::new("openssl");
        openssl.args(asked.split_whitespace()).arg(format!("subjectAltName={good_for}"));
        let done = openssl.arg("-keyout").arg(&made.key).arg("-out").arg(&made.path).output().unwrap();
        assert!(done.status.success(), "{done:?}");
        made
    }

    /// Who speaks TLS with it.
    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        let chain = vec![CertificateDer::from_pem_file(&self.path).unwrap()];
        let key = PrivateKeyDer::from_pem_file(&self.key).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        TlsAcceptor::from(Arc::new(config.with_single_cert(chain, key).unwrap()))
    }
}
