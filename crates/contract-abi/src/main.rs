//! `scripts/abi`: writes `contracts/abi`, `packages/usdai-abi` and `contracts/layout`; `scripts/abi release` keeps the layouts as those of a release too.

use std::{collections::BTreeSet, fs, io, path::Path};

fn main() -> io::Result<()> {
    write(contract_abi::folder(), "contracts/abi", &contract_abi::files())?;
    write(contract_abi::package_folder(), "packages/usdai-abi", &contract_abi::package()?)?;
    let (layouts, folder) = (contract_abi::layouts(), contract_abi::layout_folder());
    write(folder, "contracts/layout", &layouts)?;
    if std::env::args().nth(1).as_deref() == Some("release") {
        write(&folder.join("released"), "contracts/layout/released", &layouts)?;
    }
    Ok(())
}

/// Makes `folder` hold these files and no others.
fn write(folder: &Path, shown: &str, files: &[(String, String)]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let names: BTreeSet<_> = files.iter().map(|(name, _)| name.as_str()).collect();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.path().is_file() && !names.contains(entry.file_name().to_string_lossy().as_ref()) {
            fs::remove_file(entry.path())?;
            println!("removed {shown}/{}", entry.file_name().to_string_lossy());
        }
    }
    for (name, text) in files {
        let path = folder.join(name);
        if fs::read_to_string(&path).ok().as_ref() != Some(text) {
            fs::write(path, text)?;
            println!("wrote {shown}/{name}");
        }
    }
    println!("{} files in {shown} are up to date", files.len());
    Ok(())
}
