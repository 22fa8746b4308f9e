//! The server name that a certificate must match.

use rustls_pki_types::ServerName;

/// Converts the host of a URL to a DNS name or an IP address. Removes the trailing dot of an
/// absolute name, and the brackets of an IPv6 address.
pub(crate) fn of_host(host: &str) -> Option<ServerName<'_>> {
    if let Some(address) = host.strip_prefix('[') {
        return ServerName::try_from(address.strip_suffix(']')?).ok();
    }
    let host = host.strip_suffix('.').unwrap_or(host);
    // `ServerName` would accept a second trailing dot.
    if host.ends_with('.') { None } else { ServerName::try_from(host).ok() }
}
