//! Owners, approvals, operators, balances.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use lean_abi::{word, AccountMap, SolidityEvent, WordMap};
use stylus_sdk::prelude::*;

use crate::{
    errors::{
        ERC721IncorrectOwner, ERC721InvalidApprover, ERC721InvalidOperator, ERC721InvalidReceiver, ERC721InvalidSender,
        ERC721NonexistentToken, Erc721Error,
    },
    events::{Approval, ApprovalForAll, Transfer},
};

/// The bits of an account's word that count its tokens. Nobody has four billion: each cost its own transaction's gas.
const COUNT: u64 = 0xffff_ffff;

/// What the embedding contract keeps in a token's owner word.
pub type Spare = [u8; 12];

/// Whose a token is, and what the contract keeps beside that: one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Title {
    /// Never zero.
    pub owner: Address,
    /// The contract's own.
    pub spare: Spare,
}

/// The storage of an ERC-721 collection: four slots. Append-only, like every storage piece (fields have no gaps between them).
#[storage]
pub struct Erc721Ledger {
    /// id → owner in the low 20 bytes, as Solidity has an address, and the contract's own in the high 12. Zero: no such token.
    titles: WordMap,
    /// id → who may move it beside its owner.
    approvals: WordMap,
    /// owner → number of tokens in the low 32 bits, and the contract's own above them.
    balances: AccountMap,
    /// owner → operator → 1.
    operators: AccountMap,
}

impl Erc721Ledger {
    /// The token `id`.
    ///
    /// # Errors
    /// [`ERC721NonexistentToken`].
    pub fn title(&self, id: U256) -> Result<Title, Erc721Error> {
        self.find(id).ok_or_else(|| ERC721NonexistentToken { tokenId: id }.into())
    }

    /// The token `id`, if there is one.
    #[must_use]
    pub fn find(&self, id: U256) -> Option<Title> {
        let title = unpack(&self.titles.get(&word(&id), 0));
        (!title.owner.is_zero()).then_some(title)
    }

    /// How many tokens `owner` has.
    #[must_use]
    pub fn balance_of(&self, owner: Address) -> U256 {
        let word = self.balances.get(&[owner]);
        U256::from_limbs([word.as_limbs()[0] & COUNT, 0, 0, 0])
    }

    /// The word of `owner`: the number of tokens in the low 32 bits, and above them what the contract keeps there.
    #[must_use]
    pub fn account(&self, owner: Address) -> U256 {
        self.balances.get(&[owner])
    }

    /// Replaces the word of `owner`, in whose low 32 bits the number of tokens has to stay as it is.
    pub fn set_account(&mut self, owner: Address, word: &U256) {
        self.balances.entry(&[owner]).set(word);
    }

    /// Who may move the token `id` beside its owner and the owner's operators; zero is nobody.
    #[must_use]
    pub fn approved(&self, id: U256) -> Address {
        Address::from_word(self.approvals.get(&word(&id), 0))
    }

    /// Whether `operator` may move all tokens of `owner`.
    #[must_use]
    pub fn is_operator(&self, owner: Address, operator: Address) -> bool {
        !self.operators.get(&[owner, operator]).is_zero()
    }

    /// Whether `account` may move the token `id` of `owner` (N3).
    #[must_use]
    pub fn may_move(&self, account: Address, owner: Address, id: U256) -> bool {
        // Nobody is no account: a token without an approval is approved for the zero address.
        !account.is_zero() && (account == owner || self.is_operator(owner, account) || self.approved(id) == account)
    }

    /// Replaces what the contract keeps beside the owner of `id`.
    ///
    /// # Errors
    /// [`ERC721NonexistentToken`].
    pub fn set_spare(&mut self, id: U256, spare: Spare) -> Result<(), Erc721Error> {
        let title = Title { spare, ..self.title(id)? };
        self.set_title(id, title);
        Ok(())
    }

    /// Gives `to` the new token `id`, with `spare` beside its owner. Emits [`Transfer`] from the zero address.
    ///
    /// # Errors
    /// [`ERC721InvalidReceiver`] for the zero address, [`ERC721InvalidSender`] if there is such a token.
    pub fn mint(&mut self, to: Address, id: U256, spare: Spare) -> Result<(), Erc721Error> {
        require_receiver(to)?;
        if self.find(id).is_some() {
            return Err(ERC721InvalidSender { sender: Address::ZERO }.into());
        }
        self.set_title(id, Title { owner: to, spare });
        self.mint_untitled(to, id);
        Ok(())
    }

    /// Gives `to`, which is not zero, the new token `id`, of which the contract knows without a title whose it is: the word of a title is
    /// written when the token first changes hands ([`Self::entitle`]). Emits [`Transfer`] from the zero address.
    pub fn mint_untitled(&mut self, to: Address, id: U256) {
        self.count(to, true);
        self.emit_transfer(Address::ZERO, to, id);
    }

    /// Gives a token that was minted without a title the one that it has.
    pub fn entitle(&mut self, id: U256, title: Title) {
        self.set_title(id, title);
    }

    /// Destroys the token `id` and its approval; returns what it was. Authority is the caller's to check. Emits [`Transfer`] to the zero
    /// address.
    ///
    /// # Errors
    /// [`ERC721NonexistentToken`].
    pub fn burn(&mut self, id: U256) -> Result<Title, Erc721Error> {
        let title = self.title(id)?;
        self.titles.set(&word(&id), 0, &B256::ZERO);
        self.burn_untitled(title.owner, id);
        Ok(title)
    }

    /// Destroys the token `id` of `owner`, which has no title. Authority is the caller's to check. Emits [`Transfer`] to the zero address.
    pub fn burn_untitled(&mut self, owner: Address, id: U256) {
        self.clear_approval(id);
        self.count(owner, false);
        self.emit_transfer(owner, Address::ZERO, id);
    }

    /// Gives the token `id` of `from` to `to`, which may be the same; clears its approval and keeps what the contract has beside the owner.
    /// Authority is the caller's to check. Emits [`Transfer`].
    ///
    /// # Errors
    /// [`ERC721NonexistentToken`], [`ERC721InvalidReceiver`] for the zero address, [`ERC721IncorrectOwner`].
    pub fn transfer(&mut self, from: Address, to: Address, id: U256) -> Result<(), Erc721Error> {
        let Title { owner, spare } = self.title(id)?;
        require_receiver(to)?;
        if owner != from {
            return Err(ERC721IncorrectOwner {
                sender: from,
                tokenId: id,
                owner,
            }
            .into());
        }
        self.set_title(id, Title { owner: to, spare });
        self.clear_approval(id);
        self.count(from, false);
        self.count(to, true);
        self.emit_transfer(from, to, id);
        Ok(())
    }

    /// Lets `to` move the token `id` of `owner`, once; the zero address takes that back. Emits [`Approval`].
    ///
    /// # Errors
    /// [`ERC721InvalidApprover`] unless `caller` is the owner or its operator.
    pub fn approve(&mut self, caller: Address, owner: Address, to: Address, id: U256) -> Result<(), Erc721Error> {
        if caller != owner && !self.is_operator(owner, caller) {
            return Err(ERC721InvalidApprover { approver: caller }.into());
        }
        self.set_approved(id, to);
        Approval {
            owner,
            approved: to,
            tokenId: id,
        }
        .emit(self.vm());
        Ok(())
    }

    /// Lets `operator` move all tokens of `owner`, or no longer. Authority is the caller's to check. Emits [`ApprovalForAll`].
    ///
    /// # Errors
    /// [`ERC721InvalidOperator`] for the zero address.
    pub fn set_operator(&mut self, owner: Address, operator: Address, approved: bool) -> Result<(), Erc721Error> {
        if operator.is_zero() {
            return Err(ERC721InvalidOperator { operator }.into());
        }
        self.operators
            .entry(&[owner, operator])
            .set(&U256::from_limbs([u64::from(approved), 0, 0, 0]));
        ApprovalForAll { owner, operator, approved }.emit(self.vm());
        Ok(())
    }

    fn clear_approval(&mut self, id: U256) {
        // Reading first: what is not written is not flushed.
        if !self.approved(id).is_zero() {
            self.set_approved(id, Address::ZERO);
        }
    }

    fn set_title(&mut self, id: U256, title: Title) {
        self.titles.set(&word(&id), 0, &pack(title));
    }

    fn set_approved(&mut self, id: U256, account: Address) {
        self.approvals.set(&word(&id), 0, &account.into_word());
    }

    /// One token more or less. No balance exceeds the number of tokens, and none is taken from who has none (N1): it neither overflows nor
    /// underflows.
    fn count(&mut self, owner: Address, more: bool) {
        let mut entry = self.balances.entry(&[owner]);
        let (balance, one) = (entry.get(), U256::from_limbs([1, 0, 0, 0]));
        let changed = if more {
            balance.wrapping_add(one)
        } else {
            balance.wrapping_sub(one)
        };
        entry.set(&changed);
    }

    fn emit_transfer(&self, from: Address, to: Address, id: U256) {
        Transfer { from, to, tokenId: id }.emit(self.vm());
    }
}

fn require_receiver(to: Address) -> Result<(), Erc721Error> {
    if to.is_zero() {
        return Err(ERC721InvalidReceiver { receiver: to }.into());
    }
    Ok(())
}

fn pack(title: Title) -> B256 {
    let mut word = title.owner.into_word();
    word[..12].copy_from_slice(&title.spare);
    word
}

fn unpack(word: &B256) -> Title {
    let mut spare = [0; 12];
    spare.copy_from_slice(&word[..12]);
    Title {
        owner: Address::from_word(*word),
        spare,
    }
}
