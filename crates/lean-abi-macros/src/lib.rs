//! The macros of `lean-abi`, where they are documented.

mod contract;
mod derive;
mod function;
mod interface;
mod solidity;

use proc_macro::TokenStream;
use syn::parse_macro_input;

/// Makes an `impl` block of plain functions a contract's external functions; see the crate `lean-abi`.
#[proc_macro_attribute]
pub fn contract(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let item = parse_macro_input!(item as syn::ItemImpl);
    let options = parse_macro_input!(attribute as contract::Options);
    contract::expand(&options, item)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}

/// Makes a struct with named fields a struct of the ABI.
#[proc_macro_derive(AbiType)]
pub fn abi_type(item: TokenStream) -> TokenStream {
    let item = parse_macro_input!(item as syn::DeriveInput);
    derive::expand(&item).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// As alloy's `sol!`, of which it makes the same; errors and events implement `lean_abi`'s traits besides.
#[proc_macro]
pub fn sol(input: TokenStream) -> TokenStream {
    let declarations = parse_macro_input!(input as solidity::Declarations);
    declarations.expand().unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Typed calls to other contracts, from interfaces in Solidity's words; see the crate `lean-abi`.
#[proc_macro]
pub fn interface(input: TokenStream) -> TokenStream {
    let interfaces = parse_macro_input!(input as interface::Interfaces);
    interfaces.expand().unwrap_or_else(syn::Error::into_compile_error).into()
}
