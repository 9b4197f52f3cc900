//! `#[derive(AbiType)]`: a struct is the tuple of its fields.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, Result};

use crate::function::{camel_case, documentation};

pub(crate) fn expand(item: &DeriveInput) -> Result<TokenStream> {
    let Data::Struct(data) = &item.data else {
        return Err(Error::new_spanned(&item.ident, "the ABI has structs only"));
    };
    let Fields::Named(fields) = &data.fields else {
        return Err(Error::new_spanned(&item.ident, "the ABI has structs with named fields only"));
    };
    if fields.named.is_empty() || fields.named.len() > 16 {
        return Err(Error::new_spanned(&item.ident, "the struct must have one to sixteen fields"));
    }
    if !item.generics.params.is_empty() {
        return Err(Error::new_spanned(&item.generics, "the ABI has no generic structs"));
    }
    let name = &item.ident;
    let types: Vec<_> = fields.named.iter().map(|field| &field.ty).collect();
    let members: Vec<_> = fields.named.iter().filter_map(|field| field.ident.as_ref()).collect();
    let names = members.iter().map(|member| camel_case(&member.to_string()));
    let (text, lines) = (name.to_string(), documentation(&item.attrs));
    let tuple = quote!((#(#types,)*));
    Ok(quote! {
        impl ::lean_abi::Abi for #name {
            const NAME: ::lean_abi::Name = <#tuple as ::lean_abi::Abi>::NAME;
            const DYNAMIC: bool = <#tuple as ::lean_abi::Abi>::DYNAMIC;
            const WORDS: usize = <#tuple as ::lean_abi::Abi>::WORDS;
            const STRUCTURE: ::core::option::Option<&'static ::lean_abi::describe::Structure> =
                ::core::option::Option::Some(&::lean_abi::describe::Structure {
                    name: #text,
                    members: &[
                        #(::lean_abi::describe::Parameter {
                            name: #names,
                            r#type: <#types as ::lean_abi::Abi>::NAME_TEXT,
                            indexed: false,
                            structure: <#types as ::lean_abi::Abi>::STRUCTURE,
                        }),*
                    ],
                    documentation: &[#(#lines),*],
                });
        }

        impl ::lean_abi::Encode for #name {
            fn tail_words(&self) -> usize {
                ::lean_abi::Encode::tail_words(&(#(&self.#members,)*))
            }

            fn write(&self, writer: &mut ::lean_abi::Writer) {
                ::lean_abi::Encode::write(&(#(&self.#members,)*), writer);
            }
        }

        impl ::lean_abi::Decode for #name {
            fn read(reader: &mut ::lean_abi::Reader<'_>) -> Self {
                let (#(#members,)*) = <#tuple as ::lean_abi::Decode>::read(reader);
                Self { #(#members),* }
            }
        }
    })
}
