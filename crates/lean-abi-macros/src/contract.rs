//! `#[contract]`: the router.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned, ToTokens};
use syn::{
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
    spanned::Spanned,
    Error, Ident, ImplItem, ItemImpl, MetaList, Path, Result, Token, Type,
};

use crate::function::{documentation, Access, Function, Kind};

/// What the attribute says of the contract: `errors(…)`, `events(…)`, `interfaces(…)`, `implements(…)`.
#[derive(Default)]
pub(crate) struct Options {
    /// What it may revert with.
    errors: Vec<Path>,
    /// What it may emit.
    events: Vec<Path>,
    /// Interfaces whose functions are among those of the block.
    interfaces: Vec<Path>,
    /// Interfaces whose functions are implemented as a trait beside the block.
    implements: Vec<Path>,
}

impl Parse for Options {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut options = Self::default();
        for list in input.parse_terminated(MetaList::parse, Token![,])? {
            let paths = list.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated)?;
            let into = match list.path.get_ident().map(ToString::to_string).as_deref() {
                Some("errors") => &mut options.errors,
                Some("events") => &mut options.events,
                Some("interfaces") => &mut options.interfaces,
                Some("implements") => &mut options.implements,
                _ => {
                    return Err(Error::new_spanned(
                        list.path,
                        "expected `errors(…)`, `events(…)`, `interfaces(…)` or `implements(…)`",
                    ))
                }
            };
            into.extend(paths);
        }
        Ok(options)
    }
}

pub(crate) fn expand(options: &Options, mut item: ItemImpl) -> Result<TokenStream> {
    if let Some((_, path, _)) = &item.trait_ {
        return Err(Error::new_spanned(path, "`#[contract]` goes on a contract's own `impl` block"));
    }
    if !item.generics.params.is_empty() {
        return Err(Error::new_spanned(&item.generics, "contracts are not generic"));
    }
    let mut functions = Vec::new();
    let mut errors: Option<Error> = None;
    for member in &mut item.items {
        if let ImplItem::Fn(function) = member {
            match Function::parse(function) {
                Ok(function) => functions.push(function),
                Err(error) => match &mut errors {
                    Some(errors) => errors.combine(error),
                    None => errors = Some(error),
                },
            }
        }
    }
    if let Some(errors) = errors {
        return Err(errors);
    }
    let router = router(&item, &functions, &options.implements)?;
    let description = description(&item, &functions, options);
    Ok(quote! {
        #item
        #router
        #description
    })
}

/// The only function of `kind`.
fn special(functions: &[Function], kind: Kind) -> Result<Option<&Function>> {
    let mut found = functions.iter().filter(|function| function.kind == kind);
    let first = found.next();
    match found.next() {
        Some(second) => Err(Error::new_spanned(&second.ident, "there is one already")),
        None => Ok(first),
    }
}

/// The statement that refuses value.
fn refusal() -> TokenStream {
    quote! {
        if private::sends_value(storage) {
            return private::Some(private::Err(private::Vec::new()));
        }
    }
}

#[allow(clippy::too_many_lines, reason = "one template")]
fn router(item: &ItemImpl, functions: &[Function], implements: &[Path]) -> Result<TokenStream> {
    let contract = &item.self_ty;
    let plain: Vec<_> = functions.iter().filter(|function| function.kind == Kind::Plain).collect();
    let selectors = plain.iter().map(|function| selector(function));
    let unique = plain.iter().map(|function| {
        let (constant, name) = (constant(function), function.ident.to_string());
        let conditions = &function.conditions;
        quote!(#(#conditions)* (#constant, #name))
    });

    let fallback_function = special(functions, Kind::Fallback)?;
    // Value is refused once for all functions where all refuse it. A payable fallback takes what they don't.
    let once = fallback_function.is_none_or(|fallback| !fallback.payable) && plain.iter().all(|function| !function.payable);
    let refuse = refusal();
    let arms = plain.iter().map(|function| {
        let constant = constant(function);
        let call = own_call(contract, function);
        let conditions = &function.conditions;
        let refuse = (!function.payable).then(|| quote!(if !REFUSES_VALUE { #refuse }));
        quote! {
            #(#conditions)*
            #constant => {
                #refuse
                #call
            }
        }
    });

    let refuse_unless_payable = |function: &Function| (!function.payable).then_some(&refuse);
    let constructor = match special(functions, Kind::Constructor)? {
        None => quote!(private::None),
        Some(function) => {
            let refuse = refuse_unless_payable(function);
            let call = own_call(contract, function);
            quote! {
                #refuse
                if let private::Err(data) = private::check_constructor(storage) {
                    return private::Some(private::Err(data));
                }
                private::Some({ #call })
            }
        }
    };
    let fallback = match fallback_function {
        None => quote!(private::None),
        Some(function) => {
            let refuse = refuse_unless_payable(function);
            let name = &function.ident;
            let call = if function.arguments.is_empty() {
                quote!(<#contract>::#name(this).map(|()| private::Vec::new()))
            } else {
                quote!(<#contract>::#name(this, input))
            };
            quote! {
                #refuse
                let this: &mut #contract = private::BorrowMut::borrow_mut(storage);
                private::Some({ #call })
            }
        }
    };
    let receive = match special(functions, Kind::Receive)? {
        None => quote!(private::None),
        Some(function) => {
            let name = &function.ident;
            quote! {
                let this: &mut #contract = private::BorrowMut::borrow_mut(storage);
                private::Some(<#contract>::#name(this))
            }
        }
    };

    Ok(quote! {
        #[allow(clippy::all, clippy::pedantic, non_upper_case_globals, unreachable_code, unused_variables, unused_mut)]
        const _: () = {
            use ::lean_abi::private;

            #(#selectors)*
            private::assert_unique(&[&[#(#unique),*] #(, #implements::SELECTORS)*]);

            /// Whether no function takes value, so that all refuse it in one place.
            const REFUSES_VALUE: bool = #once #(&& !#implements::TAKES_VALUE)*;

            impl<S> private::Router<S> for #contract
            where
                S: private::TopLevelStorage + private::BorrowMut<Self> + private::ValueDenier + private::ConstructorGuard,
            {
                type Storage = Self;

                #[inline(always)]
                fn route(storage: &mut S, selector: u32, input: &[u8]) -> private::Option<private::ArbResult> {
                    if REFUSES_VALUE { #refuse }
                    private::Some(match selector {
                        #(#arms)*
                        _ => {
                            #(
                                if let private::Some(outcome) = #implements::route::<Self, S, REFUSES_VALUE>(storage, selector, input) {
                                    return private::Some(outcome);
                                }
                            )*
                            return private::None;
                        }
                    })
                }

                #[inline(always)]
                fn receive(storage: &mut S) -> private::Option<private::Result<(), private::Vec<u8>>> {
                    #receive
                }

                #[inline(always)]
                fn fallback(storage: &mut S, input: &[u8]) -> private::Option<private::ArbResult> {
                    #fallback
                }

                #[inline(always)]
                fn constructor(storage: &mut S, input: &[u8]) -> private::Option<private::ArbResult> {
                    #constructor
                }
            }
        };
    })
}

fn constant(function: &Function) -> syn::Ident {
    format_ident!("SELECTOR_{}", function.ident)
}

fn selector(function: &Function) -> TokenStream {
    let constant = constant(function);
    let name = &function.name;
    let types = function
        .arguments
        .iter()
        .map(|(_, argument)| quote_spanned!(argument.span() => <#argument as ::lean_abi::Abi>::NAME));
    let conditions = &function.conditions;
    quote!(#(#conditions)* const #constant: u32 = ::lean_abi::selector(#name, &[#(#types),*]);)
}

fn own_call(contract: &Type, function: &Function) -> TokenStream {
    let name = &function.ident;
    let types: Vec<_> = function.arguments.iter().map(|(_, argument)| argument).collect();
    let has_receiver = function.access != Access::Pure;
    let span = function.output.as_ref().map_or(name.span(), Spanned::span);
    call(&quote!(#contract), &quote!(<#contract>::#name), &types, has_receiver, span)
}

/// Decodes arguments of `types`, calls `function` of `contract`, encodes the outcome.
pub(crate) fn call<T: ToTokens>(
    contract: &TokenStream,
    function: &TokenStream,
    types: &[T],
    has_receiver: bool,
    outcome: Span,
) -> TokenStream {
    // The span of a type, which messages point at, may be that of another macro's argument: the names must not take it.
    let [reader, result] = ["reader", "outcome"].map(|name| Ident::new(name, Span::mixed_site()));
    let arguments: Vec<_> = (0..types.len())
        .map(|index| format_ident!("argument_{index}", span = Span::mixed_site()))
        .collect();
    let words = types
        .iter()
        .map(|argument| quote_spanned!(argument.span() => <#argument as ::lean_abi::Abi>::WORDS));
    let reads = types
        .iter()
        .map(|argument| quote_spanned!(argument.span() => <#argument as ::lean_abi::Decode>::read(&mut #reader)));
    let this = has_receiver.then(|| quote!(this,));
    let encode = quote_spanned!(outcome => ::lean_abi::Outcome::encode(#result));
    quote! {
        let mut #reader = ::lean_abi::Reader::new(input, const { 0 #(+ #words)* });
        #(let #arguments = #reads;)*
        if !#reader.valid() {
            return private::Some(private::Err(private::Vec::new()));
        }
        let this: &mut #contract = private::BorrowMut::borrow_mut(storage);
        let #result = #function(#this #(#arguments),*);
        #encode
    }
}

/// The interface as a constant, and the check that it contains the interfaces that it says it has.
fn description(item: &ItemImpl, functions: &[Function], options: &Options) -> TokenStream {
    let contract = &item.self_ty;
    let name = match &**contract {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
    .unwrap_or_default();
    let lines = documentation(&item.attrs);
    let described = functions.iter().filter(|function| function.kind == Kind::Plain).map(describe);
    let constructor = match functions.iter().find(|function| function.kind == Kind::Constructor) {
        None => quote!(::core::option::Option::None),
        Some(function) => {
            let described = describe(function);
            quote!(::core::option::Option::Some(#described))
        }
    };
    let Options {
        errors,
        events,
        interfaces,
        implements,
    } = options;
    quote! {
        impl ::lean_abi::describe::Described for #contract {
            const INTERFACE: ::lean_abi::describe::Interface = ::lean_abi::describe::Interface {
                name: #name,
                documentation: &[#(#lines),*],
                functions: &[&[#(#described),*] #(, #implements::FUNCTIONS)*],
                errors: &[#(<#errors as ::lean_abi::Errors>::ERRORS),*],
                events: &[#(<#events as ::lean_abi::SolidityEvent>::ITEM),*],
                constructor: #constructor,
            };
        }

        #(
            const _: () = ::lean_abi::describe::assert_implements(
                &<#contract as ::lean_abi::describe::Described>::INTERFACE,
                &#interfaces::INTERFACE,
            );
        )*
    }
}

/// A function for the description.
fn describe(function: &Function) -> TokenStream {
    let name = &function.name;
    let conditions = &function.conditions;
    let lines = &function.documentation;
    let types: Vec<_> = function.arguments.iter().map(|(_, argument)| argument).collect();
    let names = function.arguments.iter().map(|(name, _)| name);
    let mutability = match (function.payable, function.access) {
        (true, _) => quote!(Payable),
        (_, Access::Pure) => quote!(Pure),
        (_, Access::View) => quote!(View),
        (_, Access::Write) => quote!(NonPayable),
    };
    let results = match &function.output {
        None => quote!(&[]),
        Some(output) => quote!(<<#output as ::lean_abi::Outcome>::Value as ::lean_abi::Encode>::RESULTS),
    };
    let results = match &function.results {
        None => results,
        Some(names) => quote!(&::lean_abi::describe::named(#name, #results, [#(#names),*])),
    };
    quote! {
        #(#conditions)*
        ::lean_abi::describe::Function {
            name: #name,
            selector: ::lean_abi::selector(#name, &[#(<#types as ::lean_abi::Abi>::NAME),*]),
            parameters: &[
                #(::lean_abi::describe::Parameter {
                    name: #names,
                    r#type: <#types as ::lean_abi::Abi>::NAME_TEXT,
                    indexed: false,
                    structure: <#types as ::lean_abi::Abi>::STRUCTURE,
                }),*
            ],
            results: #results,
            mutability: ::lean_abi::describe::Mutability::#mutability,
            documentation: &[#(#lines),*],
        }
    }
}
