//! `scripts/abi`: writes `contracts/abi`.

use std::{collections::BTreeSet, fs, io};

fn main() -> io::Result<()> {
    let folder = contract_abi::folder();
    fs::create_dir_all(folder)?;
    let files = contract_abi::files();
    let names: BTreeSet<_> = files.iter().map(|(name, _)| name.as_str()).collect();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !names.contains(entry.file_name().to_string_lossy().as_ref()) {
            fs::remove_file(entry.path())?;
            println!("removed {}", entry.file_name().to_string_lossy());
        }
    }
    for (name, text) in &files {
        let path = folder.join(name);
        if fs::read_to_string(&path).ok().as_ref() != Some(text) {
            fs::write(path, text)?;
            println!("wrote contracts/abi/{name}");
        }
    }
    println!("{} files in contracts/abi are up to date", files.len());
    Ok(())
}
