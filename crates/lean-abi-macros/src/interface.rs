//! `interface!`: the callers' client, and what a contract is checked against.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{
    braced,
    ext::IdentExt,
    parse::{Parse, ParseStream},
    token, Attribute, Error, Ident, Result, Token, Visibility,
};

use crate::{
    contract::call,
    function::documentation,
    solidity::{described, parameters, AnyIdent, Parameter},
};

/// Several interfaces.
pub(crate) struct Interfaces(Vec<Interface>);

struct Interface {
    attributes: Vec<Attribute>,
    visibility: Visibility,
    name: Ident,
    functions: Vec<Method>,
}

struct Method {
    attributes: Vec<Attribute>,
    name: Ident,
    arguments: Vec<Parameter>,
    results: Vec<Parameter>,
    mutability: Mutability,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mutability {
    Pure,
    View,
    NonPayable,
    Payable,
}

impl Parse for Interfaces {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut interfaces = Vec::new();
        while !input.is_empty() {
            interfaces.push(input.parse()?);
        }
        Ok(Self(interfaces))
    }
}

impl Parse for Interface {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility: Visibility = input.parse()?;
        let word: Ident = input.parse()?;
        if word != "interface" {
            return Err(Error::new_spanned(word, "expected `interface`"));
        }
        let name = input.parse()?;
        let content;
        braced!(content in input);
        let mut functions = Vec::new();
        while !content.is_empty() {
            functions.push(content.parse()?);
        }
        // As in the SDK's `sol_interface!`: an interface is public unless something else is said.
        let visibility = match visibility {
            Visibility::Inherited => Visibility::Public(Token![pub](name_span(&name))),
            other => other,
        };
        Ok(Self {
            attributes,
            visibility,
            name,
            functions,
        })
    }
}

fn name_span(name: &Ident) -> proc_macro2::Span {
    name.span()
}

impl Parse for Method {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let word: Ident = input.parse()?;
        if word != "function" {
            return Err(Error::new_spanned(word, "expected `function`; errors and events go into `sol!`"));
        }
        let name = Ident::parse_any_ident(input)?;
        let arguments = parameters(input)?;
        let (mut mutability, mut results) = (Mutability::NonPayable, Vec::new());
        while !input.peek(Token![;]) {
            let word = Ident::parse_any_ident(input)?;
            match word.to_string().as_str() {
                "external" => {}
                "pure" => mutability = Mutability::Pure,
                "view" => mutability = Mutability::View,
                "payable" => mutability = Mutability::Payable,
                "returns" if input.peek(token::Paren) => results = parameters(input)?,
                _ => return Err(Error::new_spanned(word, "expected external, pure, view, payable or returns")),
            }
        }
        input.parse::<Token![;]>()?;
        Ok(Self {
            attributes,
            name,
            arguments,
            results,
            mutability,
        })
    }
}

impl Interfaces {
    pub(crate) fn expand(&self) -> Result<TokenStream> {
        let interfaces = self.0.iter().map(Interface::expand).collect::<Result<Vec<_>>>()?;
        Ok(quote!(#(#interfaces)*))
    }
}

impl Interface {
    fn expand(&self) -> Result<TokenStream> {
        let Self {
            attributes,
            visibility,
            name,
            functions,
        } = self;
        let text = name.to_string();
        let lines = documentation(attributes);
        // Functions of one name are told apart by the number of their arguments.
        let rust_names = functions.iter().map(|function| {
            let overloads: Vec<_> = functions.iter().filter(|other| other.name == function.name).collect();
            let snake = snake_case(&function.name.to_string());
            let first = overloads.first().is_some_and(|first| core::ptr::eq(*first, function));
            let snake = if first {
                snake
            } else {
                format!("{snake}_{}", function.arguments.len())
            };
            if syn::parse_str::<Ident>(&snake).is_ok() {
                format_ident!("{snake}")
            } else {
                format_ident!("r#{snake}")
            }
        });
        let rust_names: Vec<_> = rust_names.collect();
        let named = || functions.iter().zip(&rust_names);
        let methods = named()
            .map(|(function, rust_name)| function.expand(rust_name))
            .collect::<Result<Vec<_>>>()?;
        let descriptions = functions.iter().map(Method::described).collect::<Result<Vec<_>>>()?;
        let callee = self.callee(&rust_names)?;
        let selectors = named()
            .map(|(function, rust_name)| {
                let (selector, name) = (function.selector()?, rust_name.to_string());
                Ok(quote!((#selector, #name)))
            })
            .collect::<Result<Vec<_>>>()?;
        let takes_value = functions.iter().any(|function| function.mutability == Mutability::Payable);
        Ok(quote! {
            #callee

            #(#attributes)*
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            #visibility struct #name {
                /// Where the contract is.
                pub address: ::lean_abi::private::Address,
            }

            #[allow(clippy::too_many_arguments, reason = "as many as the interface says")]
            impl #name {
                /// The interface's functions.
                pub const FUNCTIONS: &'static [::lean_abi::describe::Function] = &[#(#descriptions),*];
                /// The interface.
                pub const INTERFACE: ::lean_abi::describe::Interface = ::lean_abi::describe::Interface {
                    name: #text,
                    documentation: &[#(#lines),*],
                    functions: &[Self::FUNCTIONS],
                    errors: &[],
                    events: &[],
                    constructor: ::core::option::Option::None,
                };

                #[doc(hidden)]
                pub const SELECTORS: &'static [(u32, &'static str)] = &[#(#selectors),*];
                #[doc(hidden)]
                pub const TAKES_VALUE: bool = #takes_value;

                /// The contract at `address`.
                #[must_use]
                pub const fn new(address: ::lean_abi::private::Address) -> Self {
                    Self { address }
                }

                #(#methods)*
            }
        })
    }
}

impl Interface {
    /// The trait that a callee implements, and the router to it.
    fn callee(&self, rust_names: &[Ident]) -> Result<TokenStream> {
        let Self {
            visibility,
            name,
            functions,
            ..
        } = self;
        let callee = format_ident!("{name}Callee");
        let documentation = format!(
            " What a contract implements to be called as [`{name}`]; `#[contract(implements({name}))]` on its `impl` block puts these \
             functions among its own."
        );
        let signatures = functions
            .iter()
            .zip(rust_names)
            .map(|(function, rust_name)| {
                let lines = function.documented();
                let (names, types, output) = (function.names(), Method::types(&function.arguments)?, function.output()?);
                let receiver = function.receiver();
                Ok(quote! {
                    #lines
                    ///
                    /// # Errors
                    /// The contract's.
                    fn #rust_name(#receiver self, #(#names: #types),*) -> ::core::result::Result<#output, Self::Error>;
                })
            })
            .collect::<Result<Vec<_>>>()?;
        let constant = |rust_name: &Ident| format_ident!("SELECTOR_{rust_name}");
        let constants = functions
            .iter()
            .zip(rust_names)
            .map(|(function, rust_name)| {
                let (constant, selector) = (constant(rust_name), function.selector()?);
                Ok(quote!(const #constant: u32 = #selector;))
            })
            .collect::<Result<Vec<_>>>()?;
        let contract = quote!(C);
        let arms = functions
            .iter()
            .zip(rust_names)
            .map(|(function, rust_name)| {
                let constant = constant(rust_name);
                let types = Method::types(&function.arguments)?;
                let call = call(&contract, &quote!(<C as #callee>::#rust_name), &types, true, name.span());
                let refuse = (function.mutability != Mutability::Payable).then(|| {
                    quote! {
                        if !VALUE_IS_REFUSED && private::sends_value(storage) {
                            return private::Some(private::Err(private::Vec::new()));
                        }
                    }
                });
                Ok(quote!(#constant => { #refuse #call }))
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(quote! {
            #[doc = #documentation]
            #[allow(clippy::too_many_arguments, reason = "as many as the interface says")]
            #visibility trait #callee {
                /// What its functions fail with: what a call of them reverts with.
                type Error: ::core::convert::Into<::lean_abi::private::Vec<u8>>;

                #(#signatures)*
            }

            #[allow(clippy::all, clippy::pedantic, non_upper_case_globals, unused_variables, unused_mut)]
            impl #name {
                #[doc(hidden)]
                #[inline(always)]
                pub fn route<C, S, const VALUE_IS_REFUSED: bool>(
                    storage: &mut S,
                    selector: u32,
                    input: &[u8],
                ) -> ::core::option::Option<::lean_abi::private::ArbResult>
                where
                    C: #callee,
                    S: ::lean_abi::private::BorrowMut<C> + ::lean_abi::private::ValueDenier,
                {
                    use ::lean_abi::private;
                    #(#constants)*

                    private::Some(match selector {
                        #(#arms)*
                        _ => return private::None,
                    })
                }
            }
        })
    }
}

impl Method {
    fn types(parameters: &[Parameter]) -> Result<Vec<TokenStream>> {
        parameters.iter().map(|parameter| parameter.sol.rust()).collect()
    }

    fn selector(&self) -> Result<TokenStream> {
        let (name, types) = (self.name.to_string(), Self::types(&self.arguments)?);
        Ok(quote!(::lean_abi::selector(#name, &[#(<#types as ::lean_abi::Abi>::NAME),*])))
    }

    fn described(&self) -> Result<TokenStream> {
        let name = self.name.to_string();
        let selector = self.selector()?;
        let (arguments, results) = (described(&self.arguments)?, described(&self.results)?);
        let lines = documentation(&self.attributes);
        let mutability = match self.mutability {
            Mutability::Pure => quote!(Pure),
            Mutability::View => quote!(View),
            Mutability::NonPayable => quote!(NonPayable),
            Mutability::Payable => quote!(Payable),
        };
        Ok(quote! {
            ::lean_abi::describe::Function {
                name: #name,
                selector: #selector,
                parameters: #arguments,
                results: #results,
                mutability: ::lean_abi::describe::Mutability::#mutability,
                documentation: &[#(#lines),*],
            }
        })
    }

    /// The documentation, or a sentence in its place.
    fn documented(&self) -> TokenStream {
        let attributes = &self.attributes;
        let default = attributes.is_empty().then(|| {
            let text = format!(" `{}`.", self.name);
            quote!(#[doc = #text])
        });
        quote!(#(#attributes)* #default)
    }

    /// The arguments' names in Rust.
    fn names(&self) -> Vec<Ident> {
        let names = self.arguments.iter().enumerate().map(|(index, argument)| match &argument.name {
            Some(name) => format_ident!("{}", snake_case(&name.to_string())),
            None => format_ident!("argument_{index}"),
        });
        names.collect()
    }

    /// What it returns in Rust.
    fn output(&self) -> Result<TokenStream> {
        let results = Self::types(&self.results)?;
        Ok(match results.as_slice() {
            [] => quote!(()),
            [result] => quote!(#result),
            results => quote!((#(#results),*)),
        })
    }

    /// How it takes the contract, or the caller's storage.
    fn receiver(&self) -> TokenStream {
        match self.mutability {
            Mutability::Pure | Mutability::View => quote!(&),
            Mutability::NonPayable | Mutability::Payable => quote!(&mut),
        }
    }

    fn expand(&self, rust_name: &Ident) -> Result<TokenStream> {
        let documented = self.documented();
        let (names, types, output) = (self.names(), Self::types(&self.arguments)?, self.output()?);
        let selector = self.selector()?;
        let receiver = self.receiver();
        let (value_parameter, kind, value) = match self.mutability {
            Mutability::Pure | Mutability::View => (None, quote!(Static), quote!(None)),
            Mutability::NonPayable => (None, quote!(Plain), quote!(None)),
            Mutability::Payable => (Some(quote!(value: ::lean_abi::private::U256,)), quote!(Plain), quote!(Some(&value))),
        };
        let encode = format_ident!("encode_{rust_name}", rust_name = rust_name.unraw());
        let encode_documentation = format!(" The calldata of `{}`.", self.name);
        Ok(quote! {
            #[doc = #encode_documentation]
            #[must_use]
            pub fn #encode(#(#names: #types,)*) -> ::lean_abi::private::Vec<u8> {
                const SELECTOR: u32 = #selector;
                ::lean_abi::encode_with_selector(SELECTOR, &(#(#names,)*))
            }

            #documented
            ///
            /// # Errors
            /// What the callee reverts with; the encoded [`lean_abi::MalformedReturn`] if it is no contract or returns something else.
            pub fn #rust_name(
                self,
                storage: #receiver impl ::lean_abi::Caller,
                #value_parameter
                #(#names: #types,)*
            ) -> ::core::result::Result<#output, ::lean_abi::private::Vec<u8>> {
                let call = Self::#encode(#(#names),*);
                ::lean_abi::private::returned(
                    ::lean_abi::private::call_contract(
                        ::lean_abi::private::HostAccess::vm(storage),
                        ::lean_abi::private::CallKind::#kind,
                        &self.address,
                        ::core::option::Option::#value,
                        &call,
                    )?,
                )
            }
        })
    }
}

/// `transferFrom` to `transfer_from`.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    let mut small_before = false;
    for letter in name.chars() {
        if letter.is_uppercase() && small_before {
            snake.push('_');
        }
        small_before = letter.is_lowercase() || letter.is_ascii_digit();
        snake.extend(letter.to_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::snake_case;

    #[test]
    fn names() {
        for (camel, snake) in [
            ("transferFrom", "transfer_from"),
            ("DOMAIN_SEPARATOR", "domain_separator"),
            ("tokenURI", "token_uri"),
            ("old_rate", "old_rate"),
            ("log2Of", "log2_of"),
        ] {
            assert_eq!(snake_case(camel), snake);
        }
    }
}
