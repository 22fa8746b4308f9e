//! The table of cases: `tests/cases`, which Python plays too (`tests/support/cases.py` says what its keys mean).

use std::collections::BTreeMap;
use std::path::Path;

use mrequests_engine::content::Extent;
use mrequests_engine::{auth, field};
use serde_json::Value;

use crate::driver::{Answer, Body, Buf, Client, Failure, GET, Request, Sent};
use crate::latin1;
use crate::response::{AT_ONCE, BYTE_BY_BYTE, Cuts};

/// The placeholders of a peer's two origins.
const MARKS: [(&str, &str); 6] = [
    ("%%BASE%%", "http://127.0.0.1:8001"),
    ("%%HOSTPORT%%", "127.0.0.1:8001"),
    ("%%PORT%%", "8001"),
    ("%%BASE2%%", "http://127.0.0.1:8002"),
    ("%%HOSTPORT2%%", "127.0.0.1:8002"),
    ("%%PORT2%%", "8002"),
];

/// Longer than any limit.
const ENDLESS: usize = 40_000;

fn filled(text: &str) -> String {
    MARKS.iter().fold(text.to_owned(), |text, (mark, value)| text.replace(mark, value))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// `[name, value]` or `name: value` pairs.
fn pairs(value: &Value) -> Vec<(&str, &Value)> {
    match value.as_object() {
        Some(map) => map.iter().map(|(name, value)| (name.as_str(), value)).collect(),
        None => list(value).iter().map(|pair| (text(&pair[0]), &pair[1])).collect(),
    }
}

fn cases() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases");
    let mut cases = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let lines = std::fs::read_to_string(file.unwrap().path()).unwrap();
        cases.extend(lines.lines().map(|line| serde_json::from_str(line).unwrap()));
    }
    assert!(!cases.is_empty());
    cases
}

/// The bytes a peer sends in an exchange.
fn answer(exchange: &Value) -> Answer {
    let mut raw = latin1::bytes(&filled(text(&exchange["send"])));
    let mut end = match text(&exchange["then"]) {
        "close" => None,
        "keep" => Some(Failure::Socket("ETIMEDOUT")),
        "rst" => Some(Failure::Socket("ECONNRESET")),
        then => panic!("then {then}"),
    };
    if let Some(generate) = exchange.get("generate") {
        let data = generate.get("data").map(|data| latin1::bytes(text(data)));
        let byte = generate.get("byte").map_or("a", text);
        match (text(&generate["kind"]), data) {
            ("sleep", Some(_)) if generate["ms"].as_u64().unwrap() > 1000 => {
                end = Some(Failure::Socket("ETIMEDOUT"));
            }
            ("sleep" | "drip", Some(data)) => raw.extend(data),
            // This many bytes arrive before the deadline.
            ("drip", None) => {
                raw.extend(byte.repeat(10).bytes());
                end = Some(Failure::Socket("ETIMEDOUT"));
            }
            (kind, _) => {
                let block = match kind {
                    "bytes" => byte,
                    "header_lines" => "X-Name: a\r\n",
                    "informational" => "HTTP/1.1 100 Continue\r\n\r\n",
                    "trailers" => "T: t\r\n",
                    kind => panic!("generate {kind}"),
                };
                raw.extend(block.repeat(ENDLESS / block.len()).bytes());
            }
        }
    }
    Answer { raw, end }
}

/// Performs the request that a case describes.
fn perform(client: &mut Client<'_>, request: &Value, reads: &[usize]) -> Result<Got, Failure> {
    let url = match request.get("url") {
        Some(url) => filled(text(url)),
        None => filled("%%BASE%%") + text(&request["path"]),
    };
    let mut authorization = Buf::new();
    if let [user, password] = list(&request["auth"]) {
        let (user, password) = (text(user).as_bytes(), text(password).as_bytes());
        auth::put_basic(user, password, false, &mut authorization)?;
    }
    let authorization = field::split(field::without_line_end(&authorization));
    let authorization = authorization.map(|(_, value)| latin1::text(value));
    let headers: Vec<_> = pairs(&request["headers"])
        .into_iter()
        .map(|(name, value)| (name, filled(text(value))))
        .collect();
    let mut fields: Vec<_> =
        headers.iter().map(|(name, value)| (*name, Some(value.as_str()))).collect();
    fields.extend(authorization.as_deref().map(|value| ("Authorization", Some(value))));
    let json = request.get("json").map(Value::to_string);
    let body = json.as_deref().or(request["body"].as_str()).map(latin1::bytes);
    let mut response = client.perform(&Request {
        method: text(&request["method"]),
        url: &url,
        fields: &fields,
        content_type: if json.is_some() { "application/json" } else { "" },
        body: body.as_deref().map_or(Body::None, Body::Bytes),
        max_redirects: Some(request["max_redirects"].as_u64().unwrap_or(5) as u32),
        ..GET
    })?;
    let (body, end) = response.read_all(reads, Extent::Fill);
    end?;
    Ok(Got {
        status: response.status,
        reason: latin1::text(&response.reason),
        headers: response.fields.iter().map(|line| latin1::text(line)).collect(),
        body,
    })
}

/// A response as its caller sees it.
struct Got {
    status: u16,
    reason: String,
    headers: Vec<String>,
    body: Vec<u8>,
}

/// Compares the outcome of a case with the expected one; the error names the first difference.
fn judge(case: &Value, outcome: Result<Got, Failure>, sent: &[Sent]) -> Result<(), String> {
    judge_outcome(&case["expect"], outcome)?;
    for (index, expected) in list(&case["sent"]).iter().enumerate() {
        let sent = sent.get(index).ok_or(format!("request {index} not sent"))?;
        judge_sent(expected, sent)?;
    }
    let wire = &case["wire"];
    if wire.get("requests").is_some_and(|count| count.as_u64() != Some(sent.len() as u64)) {
        return Err(format!("{} requests", sent.len()));
    }
    for sent in sent {
        let unwanted = |name: &Value| !sent.values(text(name)).is_empty();
        if list(&wire["forbid_headers"]).iter().any(unwanted) {
            return Err(format!("forbidden field: {:?}", sent.head));
        }
        let head = sent.head.join("\r\n");
        if list(&wire["forbid_bytes"]).iter().any(|bytes| head.contains(text(bytes))) {
            return Err(format!("forbidden bytes: {head:?}"));
        }
    }
    Ok(())
}

fn judge_outcome(expected: &Value, outcome: Result<Got, Failure>) -> Result<(), String> {
    let got = match (outcome, expected.get("error")) {
        (Err(failure), Some(error)) if failure.name() == text(error) => return Ok(()),
        (Err(failure), _) => return Err(format!("{failure:?}")),
        (Ok(got), Some(_)) => return Err(format!("accepted: {} {:?}", got.status, got.body)),
        (Ok(got), None) => got,
    };
    if expected["status"].as_u64() != Some(got.status.into()) {
        return Err(format!("status {}", got.status));
    }
    if latin1::bytes(text(&expected["body"])) != got.body {
        return Err(format!("body {:?}", latin1::text(&got.body)));
    }
    if expected.get("reason").is_some_and(|reason| squeezed(text(reason)) != squeezed(&got.reason))
    {
        return Err(format!("reason {:?}", got.reason));
    }
    let headers = joined(got.headers.iter().map(|line| line.split_once(':').unwrap()));
    let wanted = pairs(&expected["headers"]).into_iter().map(|(name, value)| (name, text(value)));
    for (name, value) in joined(wanted) {
        if headers.get(&name) != Some(&value) {
            return Err(format!("header {name}: {:?}", headers.get(&name)));
        }
    }
    match list(&expected["headers_absent"]).iter().find(|name| headers.contains_key(text(name))) {
        Some(name) => Err(format!("header {name} is there")),
        None => Ok(()),
    }
}

/// Text with each run of white space replaced by one space.
fn squeezed(text: &str) -> String {
    text.split([' ', '\t']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The values of fields by lower-case name, repeated ones joined.
fn joined<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> BTreeMap<String, String> {
    let mut values = BTreeMap::<String, Vec<String>>::new();
    for (name, value) in fields {
        values.entry(name.to_ascii_lowercase()).or_default().push(squeezed(value));
    }
    values.into_iter().map(|(name, values)| (name, values.join(", "))).collect()
}

fn judge_sent(expected: &Value, sent: &Sent) -> Result<(), String> {
    let line: Vec<_> = sent.head[0].split(' ').collect();
    let listener = if sent.origin.ends_with(" 8002") { 2 } else { 1 };
    let differs =
        |key: &str, got: &str| expected.get(key).is_some_and(|value| filled(text(value)) != got);
    if differs("method", line[0]) || differs("target", line[1]) || differs("body", &sent.body) {
        return Err(format!("sent: {sent:?}"));
    }
    if expected.get("listener").is_some_and(|value| value.as_u64() != Some(listener)) {
        return Err("sent to the wrong origin".to_owned());
    }
    for (name, value) in pairs(&expected["headers"]) {
        let wanted: Vec<_> = value.as_str().map(filled).into_iter().collect();
        if sent.values(name) != wanted {
            return Err(format!("field {name}: {:?}", sent.values(name)));
        }
    }
    Ok(())
}

/// Plays a case and compares its outcome, as `judge` does.
fn play(case: &Value, cuts: Cuts, reads: &[usize]) -> Result<(), String> {
    let mut answers: Vec<_> = list(&case["server"]).iter().map(answer).collect();
    if case["repeat_last"] == true {
        let last = answers.last().unwrap().clone();
        answers.resize(20, last);
    }
    let mut client = Client::answered_by(&answers, cuts);
    if let Some(prelude) = case.get("prelude") {
        let _ = perform(&mut client, prelude, reads);
    }
    let outcome = perform(&mut client, &case["request"], reads);
    judge(case, outcome, &client.sent())
}

/// Whether no client reaches a peer in a case.
fn is_about_connecting(case: &Value) -> bool {
    matches!(case["expect"]["error"].as_str(), Some("ECONNREFUSED" | "EHOSTUNREACH"))
}

/// How a case is played: the cuts of the received bytes, and the size of the reads.
fn ways(case: &Value) -> Vec<(Vec<usize>, usize)> {
    let length = list(&case["server"]).iter().map(|exchange| answer(exchange).raw.len()).max();
    let splits = 1..length.filter(|&length| length < 300).unwrap_or_default();
    let cuts = [AT_ONCE.to_vec(), BYTE_BY_BYTE.to_vec(), vec![60, 1]].into_iter();
    cuts.flat_map(|cuts| [(cuts.clone(), 1), (cuts, 600)])
        .chain(splits.map(|split| (vec![split, usize::MAX], 600)))
        .collect()
}

#[test]
fn each_case_in_any_cut() {
    let cases = cases().into_iter().filter(|case| !is_about_connecting(case));
    let problems: Vec<_> = cases
        .filter_map(|case| {
            let (id, ways) = (text(&case["id"]), ways(&case));
            ways.iter().find_map(|(cuts, read)| {
                let problem = play(&case, cuts, &[*read]).err()?;
                Some(format!("{id}, cut at {cuts:?}, reads of {read}: {problem}"))
            })
        })
        .collect();
    assert!(problems.is_empty(), "{} cases fail:\n{}", problems.len(), problems.join("\n"));
}
