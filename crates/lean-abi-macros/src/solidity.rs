//! Solidity's way of declaring: types, parameters, errors, events, functions.

use proc_macro2::{TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::{
    bracketed, parenthesized,
    parse::{Parse, ParseStream},
    token, Attribute, Error, Ident, LitInt, Result, Token,
};

use crate::function::documentation;

/// A type: a word of Solidity and what makes lists and arrays of it.
#[derive(Clone)]
pub(crate) struct SolType {
    pub(crate) ident: Ident,
    /// The name as written, with `uint` and `int` in full.
    element: String,
    /// Lengths of arrays, `None` for lists; the innermost first.
    pub(crate) suffixes: Vec<Option<usize>>,
}

impl Parse for SolType {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let ident: Ident = input.parse()?;
        let element = match ident.to_string().as_str() {
            "uint" => "uint256".to_owned(),
            "int" => "int256".to_owned(),
            other => other.to_owned(),
        };
        let mut suffixes = Vec::new();
        while input.peek(token::Bracket) {
            let content;
            bracketed!(content in input);
            suffixes.push(if content.is_empty() {
                None
            } else {
                Some(content.parse::<LitInt>()?.base10_parse()?)
            });
        }
        let parsed = Self { ident, element, suffixes };
        parsed.rust_element()?;
        Ok(parsed)
    }
}

impl SolType {
    fn rust_element(&self) -> Result<TokenStream> {
        let error = || Error::new_spanned(&self.ident, format!("`{}` is no type that crosses the ABI here", self.ident));
        let element = self.element.as_str();
        let bits = |prefix| -> Option<usize> { element.strip_prefix(prefix)?.parse().ok() };
        let span = self.ident.span();
        Ok(match element {
            "address" => quote_spanned!(span => ::lean_abi::private::Address),
            "bool" => quote_spanned!(span => bool),
            "string" => quote_spanned!(span => ::lean_abi::private::String),
            "bytes" => quote_spanned!(span => ::lean_abi::private::Vec<u8>),
            _ => {
                if let Some(len) = bits("bytes") {
                    if len == 0 || len > 32 {
                        return Err(error());
                    }
                    return Ok(quote_spanned!(span => ::lean_abi::private::FixedBytes<#len>));
                }
                let (bits, signed) = match (bits("uint"), bits("int")) {
                    (Some(bits), _) => (bits, false),
                    (_, Some(bits)) => (bits, true),
                    // A struct of Rust's.
                    _ if element.starts_with(char::is_uppercase) => {
                        let ident = &self.ident;
                        return Ok(quote!(#ident));
                    }
                    _ => return Err(error()),
                };
                if bits == 0 || bits > 256 || bits % 8 != 0 {
                    return Err(error());
                }
                let limbs = bits.div_ceil(64);
                if matches!(bits, 8 | 16 | 32 | 64 | 128) {
                    let machine = Ident::new(&format!("{}{bits}", if signed { "i" } else { "u" }), span);
                    quote_spanned!(span => #machine)
                } else if signed {
                    quote_spanned!(span => ::lean_abi::private::Signed<#bits, #limbs>)
                } else {
                    quote_spanned!(span => ::lean_abi::private::Uint<#bits, #limbs>)
                }
            }
        })
    }

    /// The Rust type of a value of one's own.
    pub(crate) fn rust(&self) -> Result<TokenStream> {
        let mut rust = self.rust_element()?;
        for suffix in &self.suffixes {
            rust = match suffix {
                None => quote!(::lean_abi::private::Vec<#rust>),
                Some(length) => quote!([#rust; #length]),
            };
        }
        Ok(rust)
    }

    /// Whether the type has no fixed size, so that an event's topic is its hash.
    pub(crate) fn is_one_word(&self) -> bool {
        self.suffixes.is_empty() && !matches!(self.element.as_str(), "bytes" | "string") && !self.element.starts_with(char::is_uppercase)
    }
}

/// A parameter.
#[derive(Clone)]
pub(crate) struct Parameter {
    pub(crate) sol: SolType,
    pub(crate) indexed: bool,
    pub(crate) name: Option<Ident>,
}

impl Parse for Parameter {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let sol = input.parse()?;
        let (mut indexed, mut name) = (false, None);
        while !input.is_empty() && !input.peek(Token![,]) {
            let word = Ident::parse_any_ident(input)?;
            match word.to_string().as_str() {
                "indexed" => indexed = true,
                "memory" | "calldata" => {}
                _ => name = Some(word),
            }
        }
        Ok(Self { sol, indexed, name })
    }
}

/// Any word, keywords of Rust included.
pub(crate) trait AnyIdent {
    fn parse_any_ident(input: ParseStream<'_>) -> Result<Ident>;
}

impl AnyIdent for Ident {
    fn parse_any_ident(input: ParseStream<'_>) -> Result<Ident> {
        syn::ext::IdentExt::parse_any(input)
    }
}

/// Parameters in parentheses.
pub(crate) fn parameters(input: ParseStream<'_>) -> Result<Vec<Parameter>> {
    let content;
    parenthesized!(content in input);
    Ok(content.parse_terminated(Parameter::parse, Token![,])?.into_iter().collect())
}

/// An error or an event.
struct Declaration {
    documentation: Vec<String>,
    event: bool,
    name: Ident,
    parameters: Vec<Parameter>,
}

/// `sol!`: what alloy makes of it, and this crate's traits for its errors and events.
pub(crate) struct Declarations {
    tokens: TokenStream,
    declarations: Vec<Declaration>,
}

impl Parse for Declarations {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let tokens = input.fork().parse()?;
        let mut declarations = Vec::new();
        while !input.is_empty() {
            let attributes = input.call(Attribute::parse_outer)?;
            let kind = Ident::parse_any_ident(input)?;
            if kind == "error" || kind == "event" {
                let declaration = Declaration {
                    documentation: documentation(&attributes),
                    event: kind == "event",
                    name: input.parse()?,
                    parameters: parameters(input)?,
                };
                input.parse::<Token![;]>()?;
                declarations.push(declaration);
            } else {
                // Functions, interfaces and structs are alloy's alone.
                loop {
                    match input.parse::<TokenTree>()? {
                        TokenTree::Punct(end) if end.as_char() == ';' => break,
                        TokenTree::Group(body) if body.delimiter() == proc_macro2::Delimiter::Brace => break,
                        _ => {}
                    }
                }
            }
        }
        Ok(Self { tokens, declarations })
    }
}

impl Declarations {
    pub(crate) fn expand(&self) -> Result<TokenStream> {
        let Self { tokens, declarations } = self;
        let implementations = declarations.iter().map(Declaration::expand).collect::<Result<Vec<_>>>()?;
        Ok(quote! {
            ::alloy_sol_types::sol! { #tokens }
            #(#implementations)*
        })
    }
}

/// A list of `Parameter`s for the description.
pub(crate) fn described(parameters: &[Parameter]) -> Result<TokenStream> {
    let parameters = parameters
        .iter()
        .map(|parameter| {
            let (rust, indexed) = (parameter.sol.rust()?, parameter.indexed);
            let name = parameter.name.as_ref().map(ToString::to_string).unwrap_or_default();
            Ok(quote! {
                ::lean_abi::describe::Parameter {
                    name: #name,
                    r#type: <#rust as ::lean_abi::Abi>::NAME_TEXT,
                    indexed: #indexed,
                    structure: <#rust as ::lean_abi::Abi>::STRUCTURE,
                }
            })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(quote!(&[#(#parameters),*]))
}

impl Declaration {
    fn field(&self, index: usize) -> Ident {
        match &self.parameters[index].name {
            Some(name) => name.clone(),
            None => Ident::new(&format!("_{index}"), self.name.span()),
        }
    }

    fn expand(&self) -> Result<TokenStream> {
        let name = &self.name;
        let text = name.to_string();
        let documentation = &self.documentation;
        let types = self
            .parameters
            .iter()
            .map(|parameter| parameter.sol.rust())
            .collect::<Result<Vec<_>>>()?;
        let names = quote!(&[#(<#types as ::lean_abi::Abi>::NAME),*]);
        let described = described(&self.parameters)?;
        let item = quote!(::lean_abi::describe::Item {
            name: #text,
            hash: ::lean_abi::signature_hash(#text, #names),
            parameters: #described,
            documentation: &[#(#documentation),*],
        });
        let fields: Vec<_> = (0..self.parameters.len()).map(|index| self.field(index)).collect();
        if !self.event {
            return Ok(quote! {
                impl ::core::convert::From<#name> for ::lean_abi::private::Vec<u8> {
                    #[cold]
                    fn from(error: #name) -> Self {
                        ::lean_abi::SolidityError::revert_data(&error)
                    }
                }

                impl ::lean_abi::SolidityError for #name {
                    const ERROR_SELECTOR: u32 = ::lean_abi::selector(#text, #names);
                    const ITEM: ::lean_abi::describe::Item = #item;

                    #[cold]
                    fn revert_data(&self) -> ::lean_abi::private::Vec<u8> {
                        ::lean_abi::encode_with_selector(
                            <Self as ::lean_abi::SolidityError>::ERROR_SELECTOR,
                            &(#(&self.#fields,)*),
                        )
                    }
                }
            });
        }
        let (indexed, data): (Vec<_>, Vec<_>) = (0..self.parameters.len()).partition(|index| self.parameters[*index].indexed);
        if indexed.len() > 3 {
            return Err(Error::new_spanned(name, "an event has at most three indexed parameters"));
        }
        if let Some(index) = indexed.iter().find(|index| !self.parameters[**index].sol.is_one_word()) {
            return Err(Error::new_spanned(
                &self.parameters[*index].sol.ident,
                "indexed parameters of more than a word are hashed, which this crate does not do",
            ));
        }
        let topics = indexed.len() + 1;
        let indexed: Vec<_> = indexed.into_iter().map(|index| &fields[index]).collect();
        let data: Vec<_> = data.into_iter().map(|index| &fields[index]).collect();
        Ok(quote! {
            impl ::lean_abi::SolidityEvent for #name {
                const TOPIC: [u8; 32] = ::lean_abi::signature_hash(#text, #names);
                const ITEM: ::lean_abi::describe::Item = #item;

                fn emit(&self, vm: &dyn ::lean_abi::private::Host) {
                    ::lean_abi::private::emit::<Self, _, _>(
                        vm,
                        #topics,
                        &(#(&self.#indexed,)*),
                        &(#(&self.#data,)*),
                    );
                }
            }
        })
    }
}
