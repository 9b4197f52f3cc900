//! Another revision's sources, taken out of the project's own history.

use std::{fs, path::Path, process::Command};

use alloy_primitives::{hex, keccak256};
use anyhow::{bail, ensure, Context, Result};

/// The last commit with every contract on the SDK's ABI layer, but for FiLo's, which did not fit and was written out by hand.
pub(crate) const SDK_LAYER: &str = "ea70182c1726c6b68579fbc6490144aafd74cd9c";

/// The commit that `revision` stands for in the history of `repository`.
pub(crate) fn commit(repository: &Path, revision: &str) -> Result<String> {
    git(repository, &["--version"])?;
    if git(repository, &["rev-parse", "--git-dir"]).is_err() {
        bail!("no git history here, so what was before cannot be built: clone the project with git and run scripts/sizes in the clone");
    }
    let name = format!("{revision}^{{commit}}");
    if let Ok(commit) = git(repository, &["rev-parse", "--verify", "--quiet", &name]) {
        return Ok(commit);
    }
    if git(repository, &["rev-parse", "--is-shallow-repository"])? == "true" {
        bail!("the history here is cut off above {revision}: run git fetch --unshallow, then scripts/sizes again");
    }
    bail!("no revision {revision} in the history here: run git fetch, or name another with --before");
}

/// Name of the folder for what is built of `commit` after `recipe`: another compiler or another flag is another folder.
pub(crate) fn cache_key(commit: &str, recipe: &str) -> String {
    let recipe = hex::encode(&keccak256(recipe)[..4]);
    format!("{}-{recipe}", short(commit))
}

/// What the page says of `commit`.
pub(crate) fn describe(commit: &str) -> String {
    let name = format!("commit `{}`", short(commit));
    if commit == SDK_LAYER {
        name + ", the last on the SDK's `#[public]`; FiLo's, which did not fit, was written out by hand"
    } else {
        name
    }
}

/// As much of a commit's hash as is unique.
pub(crate) fn short(commit: &str) -> &str {
    commit.get(..12).unwrap_or(commit)
}

/// Writes the files of `commit` to `folder`, unless they are there.
pub(crate) fn take_out(repository: &Path, commit: &str, folder: &Path) -> Result<()> {
    if folder.exists() {
        return Ok(());
    }
    // Renamed when it is complete: half of a revision is never taken for the whole.
    let partial = folder.with_extension("partial");
    if partial.exists() {
        fs::remove_dir_all(&partial)?;
    }
    fs::create_dir_all(&partial)?;
    let partial = std::path::absolute(&partial)?;
    let archive = partial.with_extension("tar");
    git(
        repository,
        &["archive", "--format=tar", "--output", &archive.to_string_lossy(), commit],
    )?;
    let status = Command::new("tar")
        .arg("-xf")
        .arg(&archive)
        .arg("-C")
        .arg(&partial)
        .status()
        .context("cannot run tar; install it")?;
    ensure!(status.success(), "tar cannot unpack {}", archive.display());
    fs::remove_file(archive)?;
    fs::rename(partial, folder)?;
    Ok(())
}

/// What git prints.
fn git(repository: &Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new("git")
        .current_dir(repository)
        .args(arguments)
        // Set where git itself calls this, in a hook, and then of another repository.
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE")
        .output()
        .context("cannot run git, which takes out what was before; install it")?;
    ensure!(
        output.status.success(),
        "git {} failed: {}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// An empty folder that goes away with the value.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("usdai-sizes-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            fs::create_dir_all(&path).expect("the temporary folder is writable");
            Self(path)
        }

        /// A repository with two commits of `file`: `one`, then `two`.
        fn repository(name: &str) -> Self {
            let folder = Self::new(name);
            git(&folder.0, &["init", "--quiet"]).unwrap();
            for content in ["one", "two"] {
                fs::write(folder.0.join("file"), content).unwrap();
                git(&folder.0, &["add", "file"]).unwrap();
                let author = [
                    "-c",
                    "user.name=test",
                    "-c",
                    "user.email=test@example.org",
                    "-c",
                    "commit.gpgsign=false",
                ];
                git(&folder.0, &[&author[..], &["commit", "--quiet", "--message", content]].concat()).unwrap();
            }
            folder
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn a_key_tells_commits_and_recipes_apart() {
        let key = cache_key(SDK_LAYER, "rustc 1.96.0 -Oz");
        assert!(key.starts_with("ea70182c1726-"), "{key}");
        assert_eq!(key, cache_key(SDK_LAYER, "rustc 1.96.0 -Oz"));
        assert_ne!(key, cache_key(SDK_LAYER, "rustc 1.96.1 -Oz"));
        assert_ne!(key, cache_key("0123456789abcdef", "rustc 1.96.0 -Oz"));
    }

    #[test]
    fn a_revision_is_taken_out_once_and_whole() {
        let (repository, out) = (Folder::repository("take"), Folder::new("out"));
        let first = commit(&repository.0, "HEAD~1").unwrap();
        let source = out.0.join("source");
        take_out(&repository.0, &first, &source).unwrap();
        assert_eq!(fs::read_to_string(source.join("file")).unwrap(), "one");
        assert_eq!(fs::read_dir(&out.0).unwrap().count(), 1, "nothing is left beside it");
        fs::write(source.join("file"), "kept").unwrap();
        take_out(&repository.0, &first, &source).unwrap();
        assert_eq!(fs::read_to_string(source.join("file")).unwrap(), "kept");
    }

    #[test]
    fn what_is_missing_is_said_with_what_to_do() {
        let nowhere = Folder::new("nowhere");
        assert!(commit(&nowhere.0, "HEAD").unwrap_err().to_string().contains("clone the project"));

        let repository = Folder::repository("whole");
        let error = commit(&repository.0, "no-such-tag").unwrap_err().to_string();
        assert!(error.contains("no-such-tag") && error.contains("--before"), "{error}");

        let (first, shallow) = (commit(&repository.0, "HEAD~1").unwrap(), Folder::new("shallow"));
        let url = format!("file://{}", repository.0.display());
        git(&shallow.0, &["clone", "--quiet", "--depth", "1", &url, "."]).unwrap();
        let error = commit(&shallow.0, &first).unwrap_err().to_string();
        assert!(error.contains("--unshallow"), "{error}");
    }
}
