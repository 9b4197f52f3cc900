//! Funded accounts whose keys everybody knows. Never send anything of worth to them.

use alloy_primitives::{address, b256, Address, Signature, B256};
use k256::ecdsa::{signature::hazmat::PrehashSigner, RecoveryId, SigningKey};

/// The development account of Nitro's dev node: chain owner and cache manager.
pub const DEV_ACCOUNT: Address = address!("3f1Eae7D46d88F08fc2F8ed27FCb2AB183EB2d0E");

/// An account with its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DevAccount {
    /// Its address.
    pub address: Address,
    /// Its private key.
    pub key: B256,
}

/// The funded accounts: Nitro's development account, then the ten of the mnemonic "test test … junk" that every tool knows.
pub const DEV_ACCOUNTS: [DevAccount; 11] = [
    DevAccount {
        address: DEV_ACCOUNT,
        key: b256!("b6b15c8cb491557369f3c7d2c287b053eb229daa9c22138887752191c9520659"),
    },
    DevAccount {
        address: address!("f39Fd6e51aad88F6F4ce6aB8827279cffFb92266"),
        key: b256!("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"),
    },
    DevAccount {
        address: address!("70997970C51812dc3A010C7d01b50e0d17dc79C8"),
        key: b256!("59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"),
    },
    DevAccount {
        address: address!("3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"),
        key: b256!("5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a"),
    },
    DevAccount {
        address: address!("90F79bf6EB2c4f870365E785982E1f101E93b906"),
        key: b256!("7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6"),
    },
    DevAccount {
        address: address!("15d34AAf54267DB7D7c367839AAf71A00a2C6A65"),
        key: b256!("47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a"),
    },
    DevAccount {
        address: address!("9965507D1a55bcC2695C58ba16FB37d819B0A4dc"),
        key: b256!("8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba"),
    },
    DevAccount {
        address: address!("976EA74026E726554dB657fA54763abd0C3a0aa9"),
        key: b256!("92db14e403b83dfe3df233f83dfa3a0d7096f21ca9b0d6d6b8d88b2b4ec1564e"),
    },
    DevAccount {
        address: address!("14dC79964da2C08b23698B3D3cc7Ca32193d9955"),
        key: b256!("4bbbf85ce3377467afe5d46f804f221813b2bb87f24d81f60f1fcdbf7cbf4356"),
    },
    DevAccount {
        address: address!("23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f"),
        key: b256!("dbda1821b80551c9d65939329250298aa3472ba22feea921c0cf5d620ea67b97"),
    },
    DevAccount {
        address: address!("a0Ee7A142d267C1f36714E4a8F75612F20a79720"),
        key: b256!("2a871d0798f97d79848a013d4936a73bf4cc922c825d33c1cf7073dff6d409c6"),
    },
];

/// A key that is no scalar of the curve: none of [`DEV_ACCOUNTS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a private key of secp256k1")]
pub struct InvalidKey;

impl DevAccount {
    /// The account of `key`.
    ///
    /// # Errors
    /// [`InvalidKey`] if `key` is zero or not below the curve's order.
    pub fn from_key(key: B256) -> Result<Self, InvalidKey> {
        let signer = SigningKey::from_slice(key.as_slice()).map_err(|_| InvalidKey)?;
        Ok(Self {
            address: Address::from_private_key(&signer),
            key,
        })
    }

    /// Signs a hash, as for a transaction or a permit.
    ///
    /// # Errors
    /// [`InvalidKey`] if the key is not one.
    pub fn sign(&self, hash: B256) -> Result<Signature, InvalidKey> {
        let signer = SigningKey::from_slice(self.key.as_slice()).map_err(|_| InvalidKey)?;
        let (signature, recovery): (k256::ecdsa::Signature, RecoveryId) = signer.sign_prehash(hash.as_slice()).map_err(|_| InvalidKey)?;
        Ok((signature, recovery).into())
    }
}

#[cfg(test)]
mod tests {
    use super::{DevAccount, InvalidKey, DEV_ACCOUNTS};
    use alloy_primitives::B256;

    #[test]
    fn keys_belong_to_addresses() {
        for account in DEV_ACCOUNTS {
            assert_eq!(DevAccount::from_key(account.key), Ok(account));
            let hash = B256::repeat_byte(7);
            let signature = account.sign(hash).unwrap();
            assert_eq!(signature.recover_address_from_prehash(&hash).unwrap(), account.address);
        }
        assert_eq!(DevAccount::from_key(B256::ZERO), Err(InvalidKey));
    }
}
