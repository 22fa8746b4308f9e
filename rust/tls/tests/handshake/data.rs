//! Data in both directions.

use super::{KEYS, Server, anchor, client, config, connect, open, read_exactly};
use mrequests_tls::{FragmentLength, READ_OVERHEAD, Suite, WRITE_OVERHEAD};

#[test]
fn every_suite_with_every_key() {
    for (suite, key) in Suite::ALL.iter().flat_map(|suite| KEYS.iter().map(move |key| (suite, key)))
    {
        let what = format!("{} {key}", suite.name());
        let server = Server::start(key, &["-tls1_3", "-ciphersuites", suite.name(), "-rev"]);
        let mut client = client(&server, *suite, 16640, 1024);
        let anchor = anchor(key);
        assert_eq!(open(&mut client, &config(&anchor)), Ok(()), "{what}");
        client.write(b"hello\n").unwrap();
        assert_eq!(read_exactly(&mut client, 6).unwrap(), b"olleh\n", "{what}");
        client.close();
    }
}

/// Text whose parts are not commands of s_server.
fn numbers(len: usize) -> Vec<u8> {
    (0..).flat_map(|number: usize| format!("{number:015}\n").into_bytes()).take(len).collect()
}

#[test]
fn a_megabyte_each_way() {
    for suite in Suite::ALL {
        let mut server = Server::start("p256", &["-tls1_3", "-ciphersuites", suite.name()]);
        let anchor = anchor("p256");
        let mut client = client(&server, *suite, 16640, 4096 + WRITE_OVERHEAD);
        open(&mut client, &config(&anchor)).unwrap();
        let data = numbers(1 << 20);
        assert_eq!(client.write(&data), Ok(data.len()));
        let typed = data.clone();
        let server = std::thread::spawn(move || {
            server.type_in(&typed);
            server
        });
        assert!(read_exactly(&mut client, data.len()).unwrap() == data);
        client.close();
        let output = server.join().unwrap().output();
        let start = output.windows(32).position(|window| data.starts_with(window)).unwrap();
        assert!(output[start..].starts_with(&data));
    }
}

#[test]
fn records_of_other_sizes() {
    let arguments: [&[&str]; 4] = [
        &["-max_send_frag", "512"],
        &["-record_padding", "1000"],
        &["-record_padding", "16000"],
        &["-num_tickets", "9"],
    ];
    for more in arguments {
        let mut server = Server::start("p256", &[&["-tls1_3"], more].concat());
        let anchor = anchor("p256");
        let mut client = connect(&server, &config(&anchor)).unwrap();
        let data = numbers(50_000);
        server.type_in(&data);
        assert!(read_exactly(&mut client, data.len()).unwrap() == data, "{more:?}");
    }
}

#[test]
fn a_small_buffer_with_a_limit_of_records() {
    for size in [1024, 2048, 4096] {
        let mut server = Server::start("p256", &["-tls1_3"]);
        let anchor = anchor("p256");
        let limited = mrequests_tls::Config {
            max_fragment_length: FragmentLength::at_most(size),
            ..config(&anchor)
        };
        let mut client = client(&server, Suite::default(), size + READ_OVERHEAD, 20_000);
        open(&mut client, &limited).unwrap();
        let data = numbers(50_000);
        // OpenSSL refuses records above the negotiated length.
        assert_eq!(client.write(&data), Ok(data.len()));
        server.type_in(&data);
        assert!(read_exactly(&mut client, data.len()).unwrap() == data, "{size}");
    }
}
