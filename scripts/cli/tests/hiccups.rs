//! A node whose answers are lost on their way, after it was sent a transaction.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use alloy_primitives::{Address, Bytes, U256};
use usdai_cli::{
    access::LocalChain,
    node::{Node, Person, Sent},
    rpc::RpcNode,
};

/// What happens to a method's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// The connection breaks before it comes, though the node has done what it was asked for.
    Lost,
    /// The node answers that too much is asked of it, and does nothing.
    Busy,
    /// The node says no, and does nothing.
    Refused,
    /// Something on the way says no, though the node has done what it was asked for.
    Disowned,
}

/// The faults that are still to come, by method.
type Faults = Arc<Mutex<BTreeMap<&'static str, Vec<Fault>>>>;

/// Between the tool and a node: hands on what it hears, but for `faults`.
struct Proxy {
    url: String,
    faults: Faults,
}

impl Proxy {
    fn before(node: &str, faults: &[(&'static str, &[Fault])]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let left = faults.iter().map(|(method, faults)| (*method, faults.to_vec())).collect();
        let faults = Arc::new(Mutex::new(left));
        let (node, left) = (node.trim_start_matches("http://").to_owned(), Faults::clone(&faults));
        // It ends with the test's process.
        thread::spawn(move || {
            for client in listener.incoming() {
                let (node, left) = (node.clone(), Faults::clone(&left));
                thread::spawn(move || serve(&client.unwrap(), &node, &left));
            }
        });
        Self { url, faults }
    }

    fn left(&self) -> usize {
        self.faults.lock().unwrap().values().map(Vec::len).sum()
    }
}

/// Answers one request, and ends the connection.
fn serve(mut client: &TcpStream, node: &str, faults: &Faults) {
    let body = body(client);
    let fault = {
        let mut faults = faults.lock().unwrap();
        let mut of_method = faults.iter_mut().filter(|(method, _)| body.contains(&format!("\"{method}\"")));
        of_method.next().and_then(|(_, faults)| faults.pop())
    };
    if fault == Some(Fault::Busy) {
        let busy = "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        let _ = client.write_all(busy.as_bytes());
        return;
    }
    let answer = if fault == Some(Fault::Refused) {
        Vec::new()
    } else {
        hand_on(node, &body)
    };
    if matches!(fault, Some(Fault::Refused | Fault::Disowned)) {
        let id = &serde_json::from_str::<serde_json::Value>(&body).unwrap()["id"];
        let no = format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{{"code":-32000,"message":"I would rather not"}}}}"#);
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ";
        let _ = client.write_all(format!("{head}{}\r\n\r\n{no}", no.len()).as_bytes());
    } else if fault.is_none() {
        let _ = client.write_all(&answer);
    }
}

/// The body of a request.
fn body(client: &TcpStream) -> String {
    let mut reader = BufReader::new(client);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or_default() == 0 || line == "\r\n" {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().unwrap();
            }
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    String::from_utf8(body).unwrap()
}

/// What `node` answers, head and body.
fn hand_on(node: &str, body: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(node).unwrap();
    let head = format!("POST / HTTP/1.1\r\nHost: {node}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: ");
    stream.write_all(format!("{head}{}\r\n\r\n{body}", body.len()).as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    answer
}

/// Sends seven wei to somebody through `proxy`.
fn send(proxy: &Proxy, patience: Duration) -> (Result<Sent, String>, Person, Address) {
    let (rich, somebody) = (LocalChain::rich().unwrap(), Address::repeat_byte(7));
    let mut node = RpcNode::connect(&proxy.url, rich.clone()).unwrap();
    node.wait_at_most(patience);
    let sent = node.send(&rich, Some(somebody), U256::from(7), Bytes::new());
    (sent.map_err(|error| error.to_string()), rich, somebody)
}

/// The chain has it, once, whatever the sender has heard.
fn is_there(chain: &LocalChain, rich: &Person, somebody: Address) {
    let mut node = RpcNode::reader(&chain.url()).unwrap();
    assert_eq!(node.balance(somebody).unwrap(), U256::from(7));
    assert_eq!(node.nonce(rich.address()).unwrap(), 1);
}

#[test]
fn a_transaction_is_waited_for_whatever_becomes_of_answers() {
    let chain = LocalChain::start().unwrap();
    let proxy = Proxy::before(
        &chain.url(),
        &[
            ("eth_sendRawTransaction", &[Fault::Lost]),
            ("eth_getTransactionReceipt", &[Fault::Busy, Fault::Lost, Fault::Busy]),
        ],
    );
    let (sent, rich, somebody) = send(&proxy, Duration::from_secs(30));
    let sent = sent.unwrap();
    assert_eq!((sent.gas_used, proxy.left()), (21_000, 0));
    is_there(&chain, &rich, somebody);
}

#[test]
fn a_transaction_that_is_not_heard_of_any_more_is_named() {
    let chain = LocalChain::start().unwrap();
    let proxy = Proxy::before(&chain.url(), &[("eth_getTransactionReceipt", &[Fault::Busy; 100])]);
    let (sent, rich, somebody) = send(&proxy, Duration::from_millis(500));
    let said = sent.unwrap_err();
    for word in ["after 0 s", "429", "look it up before you do this again"] {
        assert!(said.contains(word), "{said}");
    }
    is_there(&chain, &rich, somebody);
    // The hash that it names is the transaction's.
    let hash = &said[said.find("0x").unwrap()..][..66];
    let asked = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"eth_getTransactionByHash","params":["{hash}"]}}"#);
    let known = String::from_utf8(hand_on(chain.url().trim_start_matches("http://"), &asked)).unwrap();
    assert!(known.contains(&format!("{:?}", rich.address()).to_lowercase()), "{known}");
}

/// A no is an answer, unless the node has the transaction all the same.
#[test]
fn a_transaction_that_the_node_does_not_take_is_not_waited_for() {
    let chain = LocalChain::start().unwrap();
    let refuses = Proxy::before(&chain.url(), &[("eth_sendRawTransaction", &[Fault::Refused])]);
    let begun = Instant::now();
    let said = send(&refuses, Duration::from_secs(30)).0.unwrap_err();
    assert!(said.ends_with("says: I would rather not"), "{said}");
    assert!(begun.elapsed() < Duration::from_secs(30));
    let disowns = Proxy::before(&chain.url(), &[("eth_sendRawTransaction", &[Fault::Disowned])]);
    let (sent, rich, somebody) = send(&disowns, Duration::from_secs(30));
    assert_eq!((sent.unwrap().gas_used, disowns.left()), (21_000, 0));
    is_there(&chain, &rich, somebody);
}
