//! The scripts build in the project's root and start the tool where the caller stands.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]
#![cfg(unix)]

use std::{
    env, fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

fn root() -> PathBuf {
    fs::canonicalize(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap()
}

/// A folder that somebody stands in, which is not the project's.
struct Elsewhere(PathBuf);

impl Elsewhere {
    fn new(test: &str) -> Self {
        let folder = env::temp_dir().join(format!("usdai-{test}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(fs::canonicalize(folder).unwrap())
    }

    /// What `script` says here, which fails, and where it has built: what it builds with writes that down and does nothing else, since what
    /// there is to build is what is being tested.
    fn says(&self, script: &str, arguments: &[&str]) -> (String, String) {
        let (cargo, built) = (self.0.join("bin/cargo"), self.0.join("built"));
        fs::create_dir_all(cargo.parent().unwrap()).unwrap();
        fs::write(&cargo, format!("#!/bin/sh\npwd >'{}'\n", built.display())).unwrap();
        fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
        let tool = Path::new(env!("CARGO_BIN_EXE_usdai-cli"));
        let path = format!("{}:{}", cargo.parent().unwrap().display(), env::var("PATH").unwrap());
        let output = Command::new(root().join("scripts").join(script))
            .args(arguments)
            .current_dir(&self.0)
            .env("PATH", path)
            .env("CARGO_TARGET_DIR", tool.ancestors().nth(2).unwrap())
            .env_remove("USDAI_PRIVATE_KEY")
            .env_remove("USDAI_ROOT")
            .output()
            .unwrap();
        assert!(!output.status.success());
        let built = fs::read_to_string(built).unwrap().trim_end().to_owned();
        (String::from_utf8_lossy(&output.stderr).into_owned(), built)
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn what_somebody_names_is_looked_for_where_they_stand() {
    let elsewhere = Elsewhere::new("named");
    // What is not there is called by the name that it was given.
    let (said, built) = elsewhere.says("usdai", &["check", "--network", "embedded", "--deployment", "mine.json"]);
    assert!(said.starts_with("error: mine.json is not there"), "{said}");
    assert_eq!(Path::new(&built), root());
    // What is there is read: this is no record.
    fs::write(elsewhere.0.join("mine.json"), "{}").unwrap();
    for script in ["usdai", "keep"] {
        let arguments: &[&str] = &["status", "--network", "embedded", "--deployment", "mine.json"];
        let (said, _) = elsewhere.says(script, &arguments[usize::from(script == "keep")..]);
        assert!(said.starts_with("error: mine.json is not the record of a deployment"), "{said}");
    }
}

#[test]
fn what_nobody_names_is_the_projects() {
    let elsewhere = Elsewhere::new("unnamed");
    // There is no deployment on Arbitrum One, or, once there is one, no such key.
    let line = [
        "depositor",
        "claim",
        "--network",
        "arbitrum-one",
        "--rpc-url",
        "http://127.0.0.1:1",
        "--key-file",
        "key",
    ];
    let (said, _) = elsewhere.says("usdai", &line);
    let record = root().join("deployments/42161.json");
    let expected = if record.exists() {
        "error: key cannot be read".to_owned()
    } else {
        format!("error: {} is not there", record.display())
    };
    assert!(said.starts_with(&expected), "{said}");
}
