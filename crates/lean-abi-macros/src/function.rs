//! One external function: what its signature and its attributes say.

use quote::ToTokens;
use syn::{
    punctuated::Punctuated, Attribute, Error, Expr, ExprLit, FnArg, Ident, ImplItemFn, Lit, Meta, Pat, Result, ReturnType, Token, Type,
};

/// What a function is called by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Plain,
    Constructor,
    Receive,
    Fallback,
}

/// What a function may touch.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// No receiver: nothing.
    Pure,
    /// `&self`.
    View,
    /// `&mut self`.
    Write,
}

pub(crate) struct Function {
    pub(crate) kind: Kind,
    pub(crate) access: Access,
    pub(crate) payable: bool,
    /// Its `#[cfg]`s.
    pub(crate) conditions: Vec<Attribute>,
    pub(crate) documentation: Vec<String>,
    pub(crate) ident: Ident,
    /// In the ABI.
    pub(crate) name: String,
    pub(crate) arguments: Vec<(String, Type)>,
    pub(crate) output: Option<Type>,
    /// What `#[returns(…)]` calls the results.
    pub(crate) results: Option<Vec<String>>,
}

impl Function {
    /// Takes the ABI's attributes off the function and reads its signature.
    pub(crate) fn parse(item: &mut ImplItemFn) -> Result<Self> {
        let mut kind = Kind::Plain;
        let mut payable = false;
        let mut name = None;
        let mut results = None;
        let mut kept = Vec::new();
        for attribute in item.attrs.drain(..) {
            let special = match attribute.path().get_ident().map(ToString::to_string).as_deref() {
                Some("constructor") => Kind::Constructor,
                Some("receive") => Kind::Receive,
                Some("fallback") => Kind::Fallback,
                Some("payable") => {
                    attribute.meta.require_path_only()?;
                    payable = true;
                    continue;
                }
                Some("returns") => {
                    let names = attribute.parse_args_with(Punctuated::<Ident, Token![,]>::parse_terminated)?;
                    results = Some(names.iter().map(|name| camel_case(&name.to_string())).collect());
                    continue;
                }
                Some("selector") => {
                    name = Some(selector_name(&attribute)?);
                    continue;
                }
                _ => {
                    kept.push(attribute);
                    continue;
                }
            };
            attribute.meta.require_path_only()?;
            if kind != Kind::Plain {
                return Err(Error::new_spanned(
                    attribute,
                    "a function is one of constructor, receive and fallback",
                ));
            }
            kind = special;
        }
        item.attrs = kept;
        let signature = &item.sig;
        if let Some(unsupported) = (signature.asyncness.map(ToTokens::into_token_stream))
            .or(signature.unsafety.map(ToTokens::into_token_stream))
            .or((!signature.generics.params.is_empty()).then(|| signature.generics.to_token_stream()))
        {
            return Err(Error::new_spanned(
                unsupported,
                "external functions are neither async, unsafe nor generic",
            ));
        }
        if kind != Kind::Plain && (name.is_some() || results.is_some()) {
            return Err(Error::new_spanned(
                &signature.ident,
                "constructor, receive and fallback have no name and no results in the ABI",
            ));
        }
        let function = Self {
            kind,
            access: access(signature)?,
            payable: payable || kind == Kind::Receive,
            name: name.unwrap_or_else(|| camel_case(&signature.ident.to_string())),
            conditions: item
                .attrs
                .iter()
                .filter(|attribute| attribute.path().is_ident("cfg"))
                .cloned()
                .collect(),
            documentation: documentation(&item.attrs),
            ident: signature.ident.clone(),
            arguments: arguments(signature)?,
            output: match &signature.output {
                ReturnType::Default => None,
                ReturnType::Type(_, output) => Some((**output).clone()),
            },
            results,
        };
        function.check()?;
        Ok(function)
    }

    fn check(&self) -> Result<()> {
        let error = |message: &str| Err(Error::new_spanned(&self.ident, message));
        if self.kind == Kind::Plain {
            return match self.name.to_lowercase().as_str() {
                "receive" | "fallback" | "constructor" | "stylusconstructor" => {
                    error("this name is reserved; mark the function as `#[receive]`, `#[fallback]` or `#[constructor]`, or rename it")
                }
                _ => Ok(()),
            };
        }
        if self.access == Access::Pure || (self.kind == Kind::Constructor && self.access != Access::Write) {
            return error("this function takes `&mut self`");
        }
        match (self.kind, self.arguments.len()) {
            (Kind::Receive, 1..) => error("receive takes no arguments"),
            (Kind::Fallback, 2..) => error("fallback takes the calldata or nothing"),
            _ => Ok(()),
        }
    }
}

fn access(signature: &syn::Signature) -> Result<Access> {
    match signature.inputs.first() {
        Some(FnArg::Receiver(receiver)) => match (&receiver.reference, receiver.mutability) {
            (None, _) => Err(Error::new_spanned(receiver, "external functions take `&self` or `&mut self`")),
            (_, None) => Ok(Access::View),
            (_, Some(_)) => Ok(Access::Write),
        },
        _ => Ok(Access::Pure),
    }
}

fn arguments(signature: &syn::Signature) -> Result<Vec<(String, Type)>> {
    let typed = signature.inputs.iter().filter_map(|input| match input {
        FnArg::Receiver(_) => None,
        FnArg::Typed(argument) => Some(argument),
    });
    typed
        .map(|argument| {
            let name = match &*argument.pat {
                Pat::Ident(pattern) => camel_case(&pattern.ident.to_string()),
                Pat::Wild(_) => String::new(),
                other => return Err(Error::new_spanned(other, "arguments of external functions have plain names")),
            };
            Ok((name, (*argument.ty).clone()))
        })
        .collect()
}

/// `name` of `#[selector(name = "…")]`.
fn selector_name(attribute: &Attribute) -> Result<String> {
    let pair: syn::MetaNameValue = attribute.parse_args()?;
    match &pair.value {
        Expr::Lit(ExprLit { lit: Lit::Str(name), .. }) if pair.path.is_ident("name") => {
            if syn::parse_str::<Ident>(&name.value()).is_err() {
                return Err(Error::new_spanned(name, "this is no name"));
            }
            Ok(name.value())
        }
        _ => Err(Error::new_spanned(attribute, "expected `#[selector(name = \"…\")]`")),
    }
}

/// The documentation in `attributes`, a line each.
pub(crate) fn documentation(attributes: &[Attribute]) -> Vec<String> {
    attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
                Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) => Some(line.value()),
                _ => None,
            },
            _ => None,
        })
        .collect()
}

/// `transfer_from` to `transferFrom`: underscores go, and the letter after one is a capital. Digits are letters like any other:
/// `mul_u128x2` becomes `mulU128x2`.
pub(crate) fn camel_case(name: &str) -> String {
    let mut camel = String::new();
    for word in name.trim_start_matches("r#").split('_').filter(|word| !word.is_empty()) {
        let mut letters = word.chars();
        if camel.is_empty() {
            camel.push_str(word);
        } else if let Some(first) = letters.next() {
            camel.extend(first.to_uppercase());
            camel.push_str(letters.as_str());
        }
    }
    camel
}

#[cfg(test)]
mod tests {
    use super::camel_case;

    #[test]
    fn names() {
        for (snake, camel) in [
            ("transfer_from", "transferFrom"),
            ("mul_u128x2", "mulU128x2"),
            ("log_2_of", "log2Of"),
            ("_private", "private"),
            ("r#type", "type"),
            ("nav", "nav"),
        ] {
            assert_eq!(camel_case(snake), camel);
        }
    }
}
