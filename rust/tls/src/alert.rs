//! Alerts (RFC 8446 section 6).

/// The alert descriptions that are sent or evaluated.
pub(crate) const CLOSE_NOTIFY: u8 = 0;
pub(crate) const UNEXPECTED_MESSAGE: u8 = 10;
pub(crate) const BAD_RECORD_MAC: u8 = 20;
pub(crate) const RECORD_OVERFLOW: u8 = 22;
pub(crate) const HANDSHAKE_FAILURE: u8 = 40;
pub(crate) const BAD_CERTIFICATE: u8 = 42;
pub(crate) const DECODE_ERROR: u8 = 50;
pub(crate) const PROTOCOL_VERSION: u8 = 70;
pub(crate) const INSUFFICIENT_SECURITY: u8 = 71;
pub(crate) const INTERNAL_ERROR: u8 = 80;
pub(crate) const USER_CANCELED: u8 = 90;

macro_rules! texts {
    ($code:expr; $($value:literal $name:literal)*) => {
        match $code {
            $($value => concat!("server alert: ", $name),)*
            _ => "unknown server alert",
        }
    };
}

/// The text for an alert from the server (RFC 8446 section 6.2).
pub(crate) fn text(description: u8) -> &'static str {
    texts! { description;
        0 "close_notify"
        10 "unexpected_message"
        20 "bad_record_mac"
        22 "record_overflow"
        40 "handshake_failure"
        42 "bad_certificate"
        43 "unsupported_certificate"
        44 "certificate_revoked"
        45 "certificate_expired"
        46 "certificate_unknown"
        47 "illegal_parameter"
        48 "unknown_ca"
        49 "access_denied"
        50 "decode_error"
        51 "decrypt_error"
        70 "protocol_version"
        71 "insufficient_security"
        80 "internal_error"
        86 "inappropriate_fallback"
        90 "user_canceled"
        109 "missing_extension"
        110 "unsupported_extension"
        112 "unrecognized_name"
        113 "bad_certificate_status_response"
        115 "unknown_psk_identity"
        116 "certificate_required"
        120 "no_application_protocol"
    }
}
