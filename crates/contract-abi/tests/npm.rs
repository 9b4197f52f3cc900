//! The package for npm: values as their own types, names as the language has them, addresses of what is deployed for good.

use std::{collections::BTreeMap, fs};

use contract_abi::npm::{addresses, camel, first_lower, literal_type, Addresses};

#[test]
fn a_value_becomes_the_type_of_itself() {
    let json = r#"[{"name":"a:[\"","n":[1,true]},{}]"#;
    let literal = r#"readonly [{readonly "name":"a:[\"",readonly "n":readonly [1,true]},{}]"#;
    assert_eq!(literal_type(json), literal);
}

#[test]
fn names_are_those_of_the_language() {
    assert_eq!(camel("swap-adapter"), "swapAdapter");
    assert_eq!(camel("usdai"), "usdai");
    assert_eq!(first_lower("SwapAdapter"), "swapAdapter");
}

#[test]
fn only_complete_deployments_to_lasting_chains_are_told() {
    let folder = std::env::temp_dir().join(format!("usdai-abi-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a temporary folder");
    let record = |complete: bool| {
        let contracts = r#"{"swap-adapter":{"address":"0x01"},"router":{"address":"0x02"}}"#;
        let proxies = r#"{"swap-adapter":{"address":"0x03"}}"#;
        format!(r#"{{"complete":{complete},"contracts":{contracts},"proxies":{proxies}}}"#)
    };
    for (name, complete) in [
        ("42161.json", true),
        ("421614.json", false),
        ("412346.json", true),
        ("42161.v1.json", true),
    ] {
        fs::write(folder.join(name), record(complete)).expect("a temporary file");
    }
    let found = addresses(&folder).expect("records are readable");
    fs::remove_dir_all(&folder).expect("it was made above");
    let one = Addresses::from([("swapAdapter".into(), "0x03".into()), ("router".into(), "0x02".into())]);
    assert_eq!(found, BTreeMap::from([(42_161, one)]));
}
