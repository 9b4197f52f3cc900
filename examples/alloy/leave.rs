//! Leaves the vault with alloy: stakes, requests a redemption, and, once a settlement has filled it, claims.

use alloy_network::{EthereumWallet, TransactionBuilder};
use alloy_primitives::{Address, U256};
use alloy_provider::{DynProvider, Provider, ProviderBuilder};
use alloy_rpc_types_eth::TransactionRequest;
use alloy_signer_local::PrivateKeySigner;
use alloy_sol_types::{sol, SolCall};
use anyhow::{ensure, Context, Result};

sol!(Susdai, "../../contracts/abi/Susdai.json");
sol!(Usdai, "../../contracts/abi/Usdai.json");

/// An account at a vault.
pub struct Depositor {
    node: DynProvider,
    me: Address,
    usdai: Address,
    vault: Address,
}

impl Depositor {
    /// Whoever has `key`, at the vault `vault`, through the node at `url`.
    pub async fn new(url: &str, key: PrivateKeySigner, vault: Address) -> Result<Self> {
        let me = key.address();
        let wallet = EthereumWallet::from(key);
        let node = ProviderBuilder::new().wallet(wallet).connect_http(url.parse()?).erased();
        let depositor = Self {
            node,
            me,
            usdai: Address::ZERO,
            vault,
        };
        let usdai = depositor.read(vault, &Susdai::assetCall {}).await?;
        Ok(Self { usdai, ..depositor })
    }

    /// Stakes `assets` of USDai, and asks for `assets` back: half an epoch on average, or longer if many leave. Returns the request's id.
    pub async fn stake_and_ask_back(&self, assets: U256) -> Result<U256> {
        let (me, vault) = (self.me, self.vault);
        self.send(
            self.usdai,
            &Usdai::approveCall {
                spender: vault,
                value: assets,
            },
        )
        .await?;
        let least = self.read(vault, &Susdai::previewDepositCall { assets }).await?;
        self.send(
            vault,
            &Susdai::deposit_1Call {
                assets,
                receiver: me,
                minShares: least,
            },
        )
        .await?;
        let shares = self.read(vault, &Susdai::balanceOfCall { account: me }).await?;
        let request = Susdai::requestRedeemCall {
            shares,
            controller: me,
            owner: me,
        };
        self.send(vault, &request).await
    }

    /// Claims what is claimable, if anything is: USDai that came.
    pub async fn claim(&self) -> Result<U256> {
        let (receiver, controller) = (self.me, self.me);
        let shares = self.read(self.vault, &Susdai::maxRedeemCall { controller }).await?;
        if shares.is_zero() {
            return Ok(U256::ZERO);
        }
        self.send(
            self.vault,
            &Susdai::redeemCall {
                shares,
                receiver,
                controller,
            },
        )
        .await
    }

    async fn read<C: SolCall>(&self, to: Address, call: &C) -> Result<C::Return> {
        let request = TransactionRequest::default()
            .with_from(self.me)
            .with_to(to)
            .with_input(call.abi_encode());
        let output = self
            .node
            .call(request)
            .await
            .with_context(|| format!("{} is refused", C::SIGNATURE))?;
        Ok(C::abi_decode_returns(&output)?)
    }

    /// What the call returns is asked for before it is sent, since a transaction returns nothing.
    async fn send<C: SolCall>(&self, to: Address, call: &C) -> Result<C::Return> {
        let foreseen = self.read(to, call).await?;
        let request = TransactionRequest::default().with_to(to).with_input(call.abi_encode());
        let receipt = self.node.send_transaction(request).await?.get_receipt().await?;
        ensure!(receipt.status(), "{} failed in {}", C::SIGNATURE, receipt.transaction_hash);
        Ok(foreseen)
    }
}
