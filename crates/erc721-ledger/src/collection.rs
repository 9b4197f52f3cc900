//! The standard's functions, for every contract that keeps an [`Erc721Ledger`].

use alloc::{string::String, vec::Vec};

use alloy_primitives::{Address, U256};
use lean_abi::Caller;

use crate::{
    errors::{ERC721InsufficientApproval, ERC721InvalidOwner, ERC721InvalidReceiver, Erc721Error},
    receiver::check_receiver,
    Erc721Ledger, Spare, Title,
};

/// ERC-165's own id.
pub const ERC165_ID: u32 = 0x01ff_c9a7;
/// ERC-165 id of ERC-721.
pub const ERC721_ID: u32 = 0x80ac_58cd;
/// ERC-165 id of ERC-721's metadata.
pub const ERC721_METADATA_ID: u32 = 0x5b5e_139f;

lean_abi::interface! {
    /// ERC-721.
    interface IErc721 {
        /// How many tokens `owner` has. Errors: `ERC721InvalidOwner` for the zero address.
        function balanceOf(address owner) external view returns (uint256);
        /// Who has the token `tokenId`. Errors: `ERC721NonexistentToken`.
        function ownerOf(uint256 tokenId) external view returns (address);
        /// Who may move the token beside its owner and the owner's operators; zero is nobody. Errors: `ERC721NonexistentToken`.
        function getApproved(uint256 tokenId) external view returns (address);
        /// Whether `operator` may move all tokens of `owner`.
        function isApprovedForAll(address owner, address operator) external view returns (bool);
        /// Lets `to` move the token, once; the zero address takes that back. By the owner or its operator. Errors: `ERC721NonexistentToken`,
        /// `ERC721InvalidApprover`.
        function approve(address to, uint256 tokenId) external;
        /// Lets `operator` move all tokens of the caller, now and later, or takes that back. Errors: `ERC721InvalidOperator` for the zero address.
        function setApprovalForAll(address operator, bool approved) external;
        /// Gives the token of `from` to `to`, whether or not `to` can do anything with it; clears its approval. Errors: `ERC721NonexistentToken`,
        /// `ERC721InvalidReceiver` for the zero address, `ERC721InsufficientApproval`, `ERC721IncorrectOwner`, and those that a collection of its
        /// own has, which its contract's description names.
        function transferFrom(address from, address to, uint256 tokenId) external;
        /// As `transferFrom`; a contract must say that it takes the token. Errors: as `transferFrom`, `ERC721InvalidReceiver` also if it does not,
        /// or what it reverts with.
        function safeTransferFrom(address from, address to, uint256 tokenId) external;
        /// As the other, with data for the receiver.
        function safeTransferFrom(address from, address to, uint256 tokenId, bytes data) external;
    }

    /// ERC-721's metadata.
    interface IErc721Metadata {
        /// The collection's name.
        function name() external view returns (string);
        /// Its symbol.
        function symbol() external view returns (string);
        /// Where the token is described. Errors: `ERC721NonexistentToken`.
        function tokenURI(uint256 tokenId) external view returns (string);
    }
}

/// A contract that is a collection by keeping a ledger: it implements [`IErc721Callee`] and [`IErc721MetadataCallee`].
pub trait Collection: Caller {
    /// What its functions fail with.
    type Error: From<Erc721Error> + From<Vec<u8>> + Into<Vec<u8>>;
    /// The collection's name.
    const NAME: &'static str;
    /// Its symbol.
    const SYMBOL: &'static str;

    /// The ledger.
    fn ledger(&self) -> &Erc721Ledger;

    /// The ledger, to be changed.
    fn ledger_mut(&mut self) -> &mut Erc721Ledger;

    /// Whose the token `id` is. A collection that mints without titles knows it of tokens that have none.
    ///
    /// # Errors
    /// [`crate::ERC721NonexistentToken`].
    fn title(&self, id: U256) -> Result<Title, Self::Error> {
        Ok(self.ledger().title(id)?)
    }

    /// The token `id` is about to change hands: one that was minted without a title gets it.
    ///
    /// # Errors
    /// The contract's.
    fn entitle(&mut self, _id: U256) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Where the token `id`, which exists, is described.
    ///
    /// # Errors
    /// The contract's.
    fn uri(&self, id: U256) -> Result<String, Self::Error>;

    /// The veto: refuses that `id` goes from `from`, its owner, to `to`, at the will of the owner or of whom it has approved. `spare` is
    /// what the contract keeps beside the owner. Asked when everything else is in order, before anything is changed.
    ///
    /// # Errors
    /// The contract's reasons.
    fn check_transfer(&self, _from: Address, _to: Address, _id: U256, _spare: Spare) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Follows a transfer at a holder's will: `id` is `to`'s now. Called before the receiver is.
    ///
    /// # Errors
    /// The contract's.
    fn transferred(&mut self, _from: Address, _to: Address, _id: U256) -> Result<(), Self::Error> {
        Ok(())
    }
}

impl<T: Collection> IErc721Callee for T {
    type Error = T::Error;

    fn balance_of(&self, owner: Address) -> Result<U256, T::Error> {
        if owner.is_zero() {
            return Err(Erc721Error::from(ERC721InvalidOwner { owner }).into());
        }
        Ok(self.ledger().balance_of(owner))
    }

    fn owner_of(&self, id: U256) -> Result<Address, T::Error> {
        Ok(self.title(id)?.owner)
    }

    fn get_approved(&self, id: U256) -> Result<Address, T::Error> {
        self.title(id)?;
        Ok(self.ledger().approved(id))
    }

    fn is_approved_for_all(&self, owner: Address, operator: Address) -> Result<bool, T::Error> {
        Ok(self.ledger().is_operator(owner, operator))
    }

    fn approve(&mut self, to: Address, id: U256) -> Result<(), T::Error> {
        let caller = self.vm().msg_sender();
        let owner = self.title(id)?.owner;
        Ok(self.ledger_mut().approve(caller, owner, to, id)?)
    }

    fn set_approval_for_all(&mut self, operator: Address, approved: bool) -> Result<(), T::Error> {
        let owner = self.vm().msg_sender();
        Ok(self.ledger_mut().set_operator(owner, operator, approved)?)
    }

    fn transfer_from(&mut self, from: Address, to: Address, id: U256) -> Result<(), T::Error> {
        transfer(self, from, to, id)
    }

    fn safe_transfer_from(&mut self, from: Address, to: Address, id: U256) -> Result<(), T::Error> {
        safe_transfer(self, from, to, id, Vec::new())
    }

    fn safe_transfer_from_4(&mut self, from: Address, to: Address, id: U256, data: Vec<u8>) -> Result<(), T::Error> {
        safe_transfer(self, from, to, id, data)
    }
}

impl<T: Collection> IErc721MetadataCallee for T {
    type Error = T::Error;

    fn name(&self) -> Result<String, T::Error> {
        Ok(T::NAME.into())
    }

    fn symbol(&self) -> Result<String, T::Error> {
        Ok(T::SYMBOL.into())
    }

    fn token_uri(&self, id: U256) -> Result<String, T::Error> {
        self.title(id)?;
        self.uri(id)
    }
}

/// A transfer at the will of the caller (N3).
#[inline(never)]
fn transfer<T: Collection>(collection: &mut T, from: Address, to: Address, id: U256) -> Result<(), T::Error> {
    let caller = collection.vm().msg_sender();
    let title = collection.title(id)?;
    if to.is_zero() {
        return Err(Erc721Error::from(ERC721InvalidReceiver { receiver: to }).into());
    }
    if !collection.ledger().may_move(caller, title.owner, id) {
        return Err(Erc721Error::from(ERC721InsufficientApproval {
            operator: caller,
            tokenId: id,
        })
        .into());
    }
    // Whoever is named wrongly as the owner is refused before a veto looks at it.
    if title.owner == from {
        collection.check_transfer(from, to, id, title.spare)?;
    }
    collection.entitle(id)?;
    collection.ledger_mut().transfer(from, to, id)?;
    collection.transferred(from, to, id)
}

#[inline(never)]
fn safe_transfer<T: Collection>(collection: &mut T, from: Address, to: Address, id: U256, data: Vec<u8>) -> Result<(), T::Error> {
    transfer(collection, from, to, id)?;
    let operator = collection.vm().msg_sender();
    Ok(check_receiver(collection, operator, from, to, id, data)?)
}
