//! The name that a certificate has to be for.

use rustls_pki_types::ServerName;

/// The DNS name or IP address that a URL's host means: without the dot that ends an absolute name,
/// and without the brackets around an IPv6 address.
pub(crate) fn of_host(host: &str) -> Option<ServerName<'_>> {
    if let Some(address) = host.strip_prefix('[') {
        return ServerName::try_from(address.strip_suffix(']')?).ok();
    }
    let host = host.strip_suffix('.').unwrap_or(host);
    // One more dot would be taken for such a one again.
    if host.ends_with('.') { None } else { ServerName::try_from(host).ok() }
}
