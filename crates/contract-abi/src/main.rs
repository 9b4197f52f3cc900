//! `scripts/abi`: writes `contracts/abi` and `packages/usdai-abi`.

use std::{collections::BTreeSet, fs, io};

fn main() -> io::Result<()> {
    for (place, files) in contract_abi::folders()? {
        let folder = contract_abi::root().join(place);
        fs::create_dir_all(&folder)?;
        let names: BTreeSet<_> = files.iter().map(|(name, _)| name.as_str()).collect();
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            if !names.contains(entry.file_name().to_string_lossy().as_ref()) {
                fs::remove_file(entry.path())?;
                println!("removed {place}/{}", entry.file_name().to_string_lossy());
            }
        }
        for (name, text) in &files {
            let path = folder.join(name);
            if fs::read_to_string(&path).ok().as_ref() != Some(text) {
                fs::write(path, text)?;
                println!("wrote {place}/{name}");
            }
        }
        println!("{} files in {place} are up to date", files.len());
    }
    Ok(())
}
